import { type Context, Hono } from 'hono'
import { DAY } from '../../complaint/time.ts'
import type { Brand } from '../../views/brand.ts'
import { branded, type PageContext } from '../../views/context.ts'
import { type Demo, demoPage, galleryPage, phonePage, type Sms } from '../../views/demo/page.ts'
import { type ShopOrder, shopPage } from '../../views/intake/form.ts'
import { homePage } from '../../views/intake/home.ts'
import { qrFile } from '../../views/qr.ts'
import { parse, readBody } from '../body.ts'
import { brandFiles } from '../brand.ts'
import { sameOrigin } from '../console.ts'
import type { Deps } from '../deps.ts'
import { pageOf } from '../language.ts'
import { wantsJson } from '../perform-act.ts'
import { Problem } from '../problem.ts'
import { Advance, ShopOrderId, SignInAs } from '../schemas.ts'
import { landing, localPath } from '../signin/routes.ts'
import { openSession, type Person } from '../signin/session.ts'

interface Shop {
  merchantId: string
  merchantName: string
  buyer: { name: string; phone: string }
  orders: readonly ShopOrder[]
}

interface DemoDesk {
  deps: Deps
  /** Who works here: one for each role, and a second supervisor. */
  people: Record<Person['role'] | 'merchant2' | 'supervisor2', Person>
  /** What the demo's shop sold, and to whom. */
  shop: Shop
  /** Another name, to show beside the default. */
  brand?: Brand | undefined
  /** Where every state of every page is shown; a Worker carries no specimens. */
  galleryUrl?: string | undefined
  /** Moves the clock forward and runs what falls due, each at its turn. */
  advance(hours: number): Promise<void>
  facts(): Omit<Demo, 'now'>
  messages(): Sms[] | Promise<Sms[]>
}

const YEAR_MS = 365 * DAY

/** Demo mode alone: the stories, the buyers' phones, a clock that can be moved, and a way in without a password. */
export const demoRoutes = (desk: DemoDesk) =>
  new Hono()
    .get('/', c => c.html(String(demoPage(pageOf(c, desk.deps), about(desk)))))
    .get('/phone', async c =>
      c.html(String(phonePage(pageOf(c, desk.deps), (await desk.messages()).reverse(), '/demo'))),
    )
    .post('/clock', c => clock(c, desk))
    .get('/shop', c => c.html(String(shopPage(pageOf(c, desk.deps), desk.shop.merchantName, desk.shop.orders))))
    .post('/shop', c => complain(c, desk))
    .route('/', brandedDemo(desk))
    .post('/signin', sameOrigin(desk.deps), c => signInAs(c, desk))

/** The front door as a platform of another name would have it. */
const brandedDemo = ({ deps, brand }: DemoDesk) =>
  brand === undefined
    ? new Hono()
    : brandFiles(brand).get('/brand', c => c.html(String(homePage(branded(pageOf(c, deps), brand, '/demo/brand')))))

const about = ({ deps, facts, galleryUrl }: DemoDesk): Demo => ({
  ...facts(),
  now: deps.clock.now(),
  phoneUrl: '/demo/phone',
  galleryUrl,
})

const clock = async (c: Context, { deps, advance }: DemoDesk) => {
  const { advanceHours } = parse(Advance, (await readBody(c)).value)
  await advance(advanceHours)
  if (!wantsJson(c) && !(c.req.header('content-type') ?? '').includes('json')) return c.redirect('/demo', 303)
  return c.json({ now: new Date(deps.clock.now()).toISOString() })
}

const signInAs = async (c: Context, { deps, people }: DemoDesk) => {
  const { role, to } = parse(SignInAs, (await readBody(c)).value)
  // Moving the demo's clock by days must not sign anyone out.
  await openSession(c, deps, people[role], YEAR_MS)
  return c.redirect(landing(people[role].role, localPath(to)), 303)
}

/** As a real shop does it: a ticket for one order, and the way to the form. */
const complain = async (c: Context, { deps, shop }: DemoDesk) => {
  const { orderId } = parse(ShopOrderId, (await readBody(c)).value)
  const order = shop.orders.find(each => each.orderId === orderId)
  if (!order || !deps.tickets?.issue) throw new Problem('not_found')
  const { merchantId, merchantName, buyer } = shop
  const ticket = await deps.tickets.issue({ ...order, merchantId, merchantName, ...buyer })
  return c.redirect(`/new?ticket=${ticket}`, 303)
}

interface Specimen {
  room: 'track' | 'merchant' | 'desk' | 'intake' | 'front'
  name: string
  draw(page: PageContext, base: string): string
}

/** Demo mode alone: every page in every condition, for designers and tests. It knows no ledger and records nothing. */
export const galleryRoutes = (deps: Pick<Deps, 'pages'>, specimens: readonly Specimen[]) =>
  new Hono()
    .get('/', c => c.html(String(galleryPage(pageOf(c, deps), specimens))))
    .get('/:name', c =>
      c.html(known(c.req.param('name'), specimens).draw(pageOf(c, deps), `/gallery/${c.req.param('name')}`)),
    )
    .post('/:name/:act', c => c.redirect(`/gallery/${known(c.req.param('name'), specimens).name}`, 303))
    .get('/:name/files/:sha256', c => c.body(PHOTO, 200, { 'Content-Type': 'image/png' }))
    .get('/:name/share.svg', c => c.body(String(qrFile(c.req.url)), 200, { 'Content-Type': 'image/svg+xml' }))

const known = (wanted: string, specimens: readonly Specimen[]): Specimen => {
  const found = specimens.find(({ name }) => name === wanted)
  if (!found) throw new Problem('not_found')
  return found
}

/** Stands for every photo of the stories: a hill under the sun, 32 × 32. */
const PHOTO = Uint8Array.from(
  atob(
    'iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAIAAAD8GO2jAAAAY0lEQVR42mPYeeUZTRHDqAVD3oJPB/0giPoWwI1GRkPHAqymY7VjxFow9COZHvlgtCyCo/jebPyITAsImkukTQxUMRqPNQxUNBqrNQxUNxrNGgbamQ5BDDQ1fdSCUQtGLQAjAL5O3Rj0y74yAAAAAElFTkSuQmCC',
  ),
  letter => letter.charCodeAt(0),
)
