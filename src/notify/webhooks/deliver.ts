import { isOverdue } from '../../complaint/complaint.ts'
import { iso } from '../../complaint/time.ts'
import { replay } from '../../complaint/view/timeline.ts'
import type { Ledger, Timeline } from '../../ledger/contract/ledger.ts'
import { type DueWebhook, TEST_EVENT, type WebhookResult, type Webhooks } from '../../ledger/contract/outbox.ts'
import { formatId } from '../../link/id.ts'
import { nextTry } from '../retry.ts'
import { signedHeaders } from './signature.ts'

interface WebhookDeps {
  ledger: Pick<Ledger, 'read' | 'readOnly'> & { webhooks: Pick<Webhooks, 'due' | 'recordResult'> }
  poster: WebhookClient
  /** The ledger's own, and the wall's: a receiver compares the time of a signature with its own clock. */
  clock: { now(): number }
  wallClock?: () => number
  /** What the endpoints' secrets are made from. */
  secret: Uint8Array
  baseUrl: string
  /** From 0 to 1. */
  random?: () => number
  /** Runs with the world, in ms: patience is not the ledger's time. */
  elapsed?: () => number
}

const AT_ONCE = 50
/** An endpoint that takes longer has not answered (Standard Webhooks recommends 15 to 30 s). */
const PATIENCE_MS = 15_000
/** Fairness: after this an endpoint gets nothing more in the same turn, since other endpoints wait for it to end. */
const TURN_MS = 5000
const GONE = 410
/** What stands in for an answer where not even the event could be made. */
const UNREADABLE = 'unreadable'

/**
 * Posts events that are due; answers how many it had an answer for. At least once, with the same id each time; events
 * of one endpoint go one after another, and a slow endpoint holds up no other. Calls for one ledger must not overlap, so
 * this ends, and rejects, only after all endpoints had their turn.
 */
export const deliverHooks = async (deps: WebhookDeps): Promise<number> => {
  if ((await deps.ledger.readOnly()) !== null) return 0
  const due = await deps.ledger.webhooks.due(AT_ONCE)
  const byEndpoint = Map.groupBy(due, ({ hook }) => hook.id).values()
  const done = await Promise.allSettled([...byEndpoint].map(each => inTurn(deps, each)))
  return done.reduce((sum, result) => {
    if (result.status === 'rejected') throw result.reason
    return sum + result.value
  }, 0)
}

/** Once it can't be reached, what else is due for it waits as well: no 50 time-outs in a row. Answers how many it took. */
const inTurn = async (deps: WebhookDeps, due: readonly DueWebhook[]): Promise<number> => {
  const { elapsed = () => performance.now() } = deps
  const end = elapsed() + TURN_MS
  let unreachable: string | null = null
  let taken = 0
  for (const each of due) {
    if (unreachable === null && taken > 0 && elapsed() >= end) break
    const result: WebhookResult = unreachable === null ? await attempt(deps, each) : later(deps, each, unreachable)
    await deps.ledger.webhooks.recordResult(each.id, result)
    taken++
    if (result.outcome === 'disabled') break
    if (result.outcome === 'retry' && !/^\d+$/.test(result.answer) && result.answer !== UNREADABLE) {
      unreachable = result.answer
    }
  }
  return taken
}

const attempt = async (deps: WebhookDeps, due: DueWebhook): Promise<WebhookResult> => {
  let event: object | null
  try {
    event = due.complaint === TEST_EVENT ? testEvent(due, deps) : await stepEvent(due, deps)
  } catch {
    return later(deps, due, UNREADABLE)
  }
  if (!event) return { outcome: 'failed', answer: 'no_step' }
  return resultOf(deps, due, await post(deps, due, JSON.stringify(event)))
}

/** Says that it is a test, and is signed like any other; `data` has no complaint. */
const testEvent = ({ hook }: DueWebhook, { wallClock = Date.now }: WebhookDeps): object => ({
  type: 'test',
  timestamp: iso(wallClock()),
  data: { endpoint: hook.id },
})

const stepEvent = async ({ complaint, seq }: DueWebhook, { ledger, baseUrl }: WebhookDeps): Promise<object | null> => {
  const timeline = await ledger.read(complaint)
  return timeline && eventOf(timeline, seq, baseUrl)
}

const post = async (deps: WebhookDeps, due: DueWebhook, body: string): Promise<Posted> => {
  const { secret, poster, wallClock = Date.now } = deps
  const { hook } = due
  const headers = {
    'Content-Type': 'application/json',
    'User-Agent': 'Tousu-Webhooks/1',
    ...signedHeaders(secret, hook, eventId(due), body, wallClock()),
  }
  const patience = AbortSignal.timeout(PATIENCE_MS)
  try {
    return await Promise.race([poster.post(hook.url, headers, body, patience), cutOff(patience)])
  } catch {
    return { failed: 'unreachable' }
  }
}

/** Also from a poster that does not listen to its signal. */
const cutOff = (signal: AbortSignal): Promise<Posted> =>
  new Promise(resolve => {
    signal.addEventListener('abort', () => resolve({ failed: 'timeout' }), { once: true })
  })

const resultOf = (deps: WebhookDeps, due: DueWebhook, posted: Posted): WebhookResult => {
  if ('failed' in posted) return later(deps, due, posted.failed)
  const { status } = posted
  if (status >= 200 && status < 300) return { outcome: 'delivered', answer: String(status) }
  if (status === GONE) return { outcome: 'disabled', answer: String(status) }
  return later(deps, due, String(status))
}

const later = (
  { clock, random = Math.random }: WebhookDeps,
  { attempts }: DueWebhook,
  answer: string,
): WebhookResult => {
  const retryAt = nextTry(attempts + 1, clock.now(), random())
  return retryAt === null ? { outcome: 'failed', answer } : { outcome: 'retry', answer, retryAt }
}

/**
 * The event of a step: what happened, where that left the complaint, and where to read the rest. It holds no name, no
 * number and no text: a receiver that needs those asks the API, which authenticates it. Null for a step that is not there.
 */
const eventOf = ({ id, entries }: Timeline, seq: number, baseUrl: string): object | null => {
  const moment = replay(entries.slice(0, seq + 1)).at(seq)
  if (!moment) return null
  const { step } = moment.entry
  const { state, holder, due } = moment.after
  return {
    type: `complaint.${step.kind}`,
    timestamp: iso(step.at),
    data: {
      complaint: {
        id: formatId(id),
        state,
        holder,
        due: due === null ? null : iso(due),
        overdue: isOverdue(moment.after, step.at),
      },
      step: { seq, kind: step.kind, by: step.by, automated: step.auto, at: iso(step.at), on: iso(step.on) },
      url: `${baseUrl}/api/v1/complaints/${formatId(id)}`,
    },
  }
}

/** The same for every attempt, so that a receiver knows what it has seen (Standard Webhooks, `webhook-id`). */
const eventId = ({ id, complaint, seq, hook }: DueWebhook): string =>
  complaint === TEST_EVENT ? `msg_test_${id}_${hook.id}` : `msg_${formatId(complaint)}_${seq}_${hook.id}`

/** What came back; `word` says why nothing did, and goes no further than the page of deliveries. */
export type Posted = { status: number } | { failed: 'refused_address' | 'unreachable' | 'timeout' }

/** HTTP client with an SSRF guard: reaches the endpoint that a merchant named, never the server's own network. */
export interface WebhookClient {
  /**
   * Posts once. Follows no redirect. Refuses private, loopback and link-local addresses after the name was resolved, and
   * connects to the address that it looked at, so that a name which changes its mind in between gains nothing. Reads
   * nothing of the answer but its status. Never throws.
   */
  post(url: string, headers: Readonly<Record<string, string>>, body: string, signal: AbortSignal): Promise<Posted>
}

/** SSRF guard, first part: names that always mean this machine or network (RFC 6761, 6762, 8375, and what routers and clusters make up). */
const HERE = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|home\.arpa|localdomain|svc)$/
/** Whatever a browser takes for a number: dotted, hexadecimal, octal or one long one; and all of IPv6. */
const NUMERIC = /^(\[.*\]|[0-9.]+|0x[0-9a-f.x]*)$/i
/** This machine (RFC 1122, RFC 4291, RFC 6761). A URL writes every spelling of the IPv4 ones with dots. */
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/
const MAX = 500

export const isLoopbackHost = (hostname: string): boolean => LOOPBACK.test(hostname)

/**
 * Why an endpoint can't be used; null if it can. What its name resolves to is looked at when something is sent. With `loopback`
 * http and https addresses of this machine can be used too, as a demo's that is itself reached by one.
 */
export const endpointProblem = (
  text: string,
  { loopback = false } = {},
): 'not_https' | 'not_public' | 'not_a_url' | null => {
  if (text.length > MAX || !URL.canParse(text)) return 'not_a_url'
  const { protocol, hostname, username, password, hash } = new URL(text)
  const here = loopback && isLoopbackHost(hostname)
  if (protocol !== 'https:' && !(here && protocol === 'http:')) return 'not_https'
  if (username !== '' || password !== '' || hash !== '') return 'not_a_url'
  if (here) return null
  const name = hostname.replace(/\.+$/, '')
  return NUMERIC.test(name) || HERE.test(name) || !name.includes('.') ? 'not_public' : null
}
