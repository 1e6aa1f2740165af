import { type Context, Hono } from 'hono'
import type { PageContext } from '../views/context.ts'
import { type Demo, demoPage, phonePage, type Sms } from '../views/pages.ts'
import { wantsJson } from './acting.ts'
import { parse, readBody } from './body.ts'
import { Advance } from './schemas.ts'

export interface DemoDesk {
  page: PageContext
  clock: { now(): number }
  /** Moves the clock forward and runs what falls due, each at its turn. */
  advance(hours: number): Promise<void>
  facts(): Omit<Demo, 'now'>
  messages(): Sms[] | Promise<Sms[]>
}

/** Demo mode alone: the stories, the buyers' phones, and a clock that can be moved. */
export const demoRoutes = (desk: DemoDesk) =>
  new Hono()
    .get('/', c =>
      c.html(String(demoPage(desk.page, { ...desk.facts(), now: desk.clock.now(), phoneUrl: '/demo/phone' }))),
    )
    .get('/phone', async c => c.html(String(phonePage(desk.page, (await desk.messages()).reverse(), '/demo'))))
    .post('/clock', c => clock(c, desk))

const clock = async (c: Context, desk: DemoDesk) => {
  const { advanceHours } = parse(Advance, (await readBody(c)).value)
  await desk.advance(advanceHours)
  if (!wantsJson(c) && !(c.req.header('content-type') ?? '').includes('json')) return c.redirect('/demo', 303)
  return c.json({ now: new Date(desk.clock.now()).toISOString() })
}
