/**
 * `node bench/sessions.ts [ROWS]`: a clerk works off ROWS complaints (120) of one merchant, and an officer the desk that four times as many
 * flood, by keyboard in a real browser. Prints keys, pages, and seconds of waiting for pages. A person's seconds are reckoned by the
 * keystroke-level model (Card, Moran, Newell 1980): 0.28 s a key, 1.35 s to decide, and the wait.
 */
import { openFlood } from '../test/browser/console-flood.ts'
import { type Cost, clerkBulk, clerkSession, type Decision, officerSession } from '../test/browser/console-sessions.ts'

const rows = Number(process.argv[2] ?? 120)
const [KEY_S, DECIDE_S] = [0.28, 1.35]

const show = (what: string, { done, keys, pages, waited }: Cost, decisions: number): void => {
  const person = keys * KEY_S + decisions * DECIDE_S + waited
  console.log(
    `${what}: ${done} done, ${keys} keys (${(keys / Math.max(done, 1)).toFixed(1)} each), ${pages} pages, ${waited.toFixed(1)} s of waiting, a person's ${Math.round(person)} s`,
  )
}

/** Seven of ten are agreed to; the others take an offer, a rejection or a question. */
const decide = (orderId: string): Decision | null => {
  if (orderId === '') return null
  const at = Number(orderId.slice(-1))
  return at === 7 ? 'offer' : at === 8 ? 'reject' : at === 9 ? 'ask' : 'agree'
}

const flood = await openFlood()
try {
  await flood.submit(0, rows, true)
  const mixed = await clerkSession(await flood.enter('merchant', '/merchant'), decide)
  show('clerk, one after another', mixed, mixed.done)
  await flood.submit(rows, rows, true)
  const together = await clerkBulk(await flood.enter('merchant', '/merchant'))
  show('clerk, a page at once', together, together.pages / 4)
  await flood.submit(2 * rows, rows, true)
  await flood.submit(3 * rows, 3 * rows, false)
  await flood.advance(49)
  const refusal = { ground: 'duplicate', facts: '同一订单已有投诉。', rule: '平台规则 1.1', operator: '承办人 2068' }
  const officer = await officerSession(await flood.enter('platform', '/desk'), id =>
    flood.act('platform', id, 'refusal', refusal),
  )
  const { cost, first: _, ...found } = officer
  show('officer', cost, 12)
  console.log(JSON.stringify({ ...found, ruled: found.ruled.length, moved: found.moved.length }))
} finally {
  await flood.close()
}
