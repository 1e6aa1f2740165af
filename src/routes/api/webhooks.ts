import { type Context, Hono } from 'hono'
import * as v from 'valibot'
import { isoOrNull } from '../../complaint/time.ts'
import { TEST_EVENT, type WebhookDelivery, type WebhookStatus, type Webhooks } from '../../ledger/contract/outbox.ts'
import { formatId } from '../../link/id.ts'
import { endpointProblem, isLoopbackHost } from '../../notify/webhooks/deliver.ts'
import { authenticate } from '../authenticate.ts'
import { readBody } from '../body.ts'
import type { Deps } from '../deps.ts'
import { code, knownQuery, parseStrictly, string } from '../fields.ts'
import { ledgerForMerchant } from '../merchant-shards.ts'
import { Problem } from '../problem.ts'

/** A public https address; in a demo that is reached by a loopback address, any other program of its machine too. */
export const endpointIn = ({ demo, baseUrl }: Pick<Deps, 'demo' | 'baseUrl'>) => {
  const loopback = demo === true && isLoopbackHost(new URL(baseUrl).hostname)
  return v.object({
    url: v.pipe(
      string,
      v.check(url => endpointProblem(url, { loopback }) === null, code('url')),
    ),
  })
}

const SHOWN = 50

/** Webhook endpoints of a merchant, for its programs; the console's settings do the same for people. */
export const webhookRoutes = (deps: Deps) =>
  new Hono()
    .use(knownQuery())
    .get('/', c => list(c, deps))
    .post('/', c => add(c, deps))
    .delete('/:hook', c => remove(c, deps, c.req.param('hook')))
    .post('/:hook/secret-rotations', c => rotate(c, deps, c.req.param('hook')))
    .post('/:hook/activation', c => activate(c, deps, c.req.param('hook')))
    .post('/:hook/test', c => sendTest(c, deps, c.req.param('hook')))
    .get('/:hook/deliveries', c => deliveries(c, deps, c.req.param('hook')))
    .post('/:hook/deliveries/:delivery/resends', c => resend(c, deps, c.req.param()))

/** The merchant who asks, and its endpoints. */
const theirs = async (c: Context, deps: Deps) => {
  const { role, merchant } = await authenticate(c, deps)
  if (role !== 'merchant' || merchant === undefined) throw new Problem('not_yours')
  return { merchant, hooks: (await ledgerForMerchant(deps, merchant)).webhooks }
}

const hookView = ({ id, url, createdAt, status, failures, lastAnswer, disabledAt, disabledWhy }: WebhookStatus) => ({
  id,
  url,
  status,
  failures,
  lastAnswer,
  createdAt: isoOrNull(createdAt),
  disabledAt: isoOrNull(disabledAt),
  disabledWhy,
})

const deliveryView = ({ complaint, nextAt, createdAt, ...delivery }: WebhookDelivery) => ({
  ...delivery,
  complaint: complaint === TEST_EVENT ? null : formatId(complaint),
  nextAt: isoOrNull(nextAt),
  createdAt: isoOrNull(createdAt),
})

const list = async (c: Context, deps: Deps) => {
  const { merchant, hooks } = await theirs(c, deps)
  return c.json({ items: (await hooks.list(merchant)).map(hookView) })
}

const add = async (c: Context, deps: Deps) => {
  const { merchant, hooks } = await theirs(c, deps)
  const { url } = parseStrictly(endpointIn(deps), (await readBody(c)).value)
  const hook = await hooks.add(merchant, url)
  if (!hook) throw new Problem('too_many_endpoints')
  return c.json(await withSecret(deps, hooks, merchant, hook.id), 201)
}

const withSecret = async (deps: Deps, hooks: Webhooks, merchant: string, id: string) => {
  const hook = (await hooks.list(merchant)).find(each => each.id === id)
  if (!hook) throw new Problem('not_found')
  return { ...hookView(hook), secret: deps.webhookSecret(hook) }
}

const sendTest = async (c: Context, deps: Deps, id: string) => {
  const { merchant, hooks } = await theirs(c, deps)
  found(await hooks.test(merchant, id))
  return c.json({ accepted: true }, 202)
}

const remove = async (c: Context, deps: Deps, id: string) => {
  const { merchant, hooks } = await theirs(c, deps)
  found(await hooks.remove(merchant, id))
  return c.body(null, 204)
}

const rotate = async (c: Context, deps: Deps, id: string) => {
  const { merchant, hooks } = await theirs(c, deps)
  found(await hooks.rotate(merchant, id))
  return c.json(await withSecret(deps, hooks, merchant, id), 201)
}

const activate = async (c: Context, deps: Deps, id: string) => {
  const { merchant, hooks } = await theirs(c, deps)
  found(await hooks.enable(merchant, id))
  return c.body(null, 204)
}

const deliveries = async (c: Context, deps: Deps, id: string) => {
  const { merchant, hooks } = await theirs(c, deps)
  found((await hooks.list(merchant)).some(hook => hook.id === id))
  return c.json({ items: (await hooks.deliveries(merchant, id, SHOWN)).map(deliveryView) })
}

const resend = async (c: Context, deps: Deps, { hook, delivery }: { hook: string; delivery: string }) => {
  const { merchant, hooks } = await theirs(c, deps)
  found(/^\d{1,15}$/.test(delivery) && (await hooks.resend(merchant, hook, Number(delivery))))
  return c.json({ accepted: true }, 202)
}

const found = (is: boolean): void => {
  if (!is) throw new Problem('not_found')
}
