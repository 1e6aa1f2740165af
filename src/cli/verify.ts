import { isDeepStrictEqual } from 'node:util'
import { isoOrNull } from '../complaint/time.ts'
import { nestRemedyFields } from '../complaint/view/complaint-view.ts'
import { publicFields } from '../complaint/view/visibility.ts'
import { NotComparable, verifyAgainstLog } from '../log/against-log.ts'
import { SIGNED_REQUEST, signatureIn } from '../log/author-signature.ts'
import { verifyContinuation } from '../log/continuation.ts'
import { digestOf, openDisclosure } from '../log/disclosure.ts'
import { toBase64url } from '../log/encoding.ts'
import type { Check } from '../log/error.ts'
import { verifyPromise, verifyToken } from '../log/promise.ts'
import { openReceipt, type StepEvidence } from '../log/receipt.ts'
import { verifyReceipt } from '../log/verify.ts'
import {
  CliError,
  type Command,
  FINE,
  type Io,
  needed,
  only,
  REFUSED,
  readArguments,
  readJson,
  readText,
  report,
} from './io.ts'
import { LogClient } from './monitor/log-client.ts'
import { readAuthorities, verifyAuthorities } from './tsa.ts'

/**
 * Checks a receipt offline: no network, no database; with `--page` a tracking page against its receipt, with `--log` the
 * receipt against the log as it is served now. Exit 0 or 1, one line a check.
 */
export const verify: Command = async (args, io) => {
  try {
    return (await isGood(args, io)) ? FINE : REFUSED
  } catch (error) {
    // What can't be read is not verified: 1, like any other receipt that can't be believed.
    if (!(error instanceof CliError)) throw error
    io.err(`tousu verify: ${error.message}\n`)
    return REFUSED
  }
}

const isGood = async (args: string[], io: Io): Promise<boolean> => {
  const { values, positionals } = readArguments(args, {
    policy: { type: 'string' },
    earlier: { type: 'string', multiple: true },
    page: { type: 'string' },
    log: { type: 'string' },
    fingerprint: { type: 'string' },
    promise: { type: 'string' },
    certificate: { type: 'string' },
    tsa: { type: 'string' },
  })
  const policy = readText(needed(values.policy, '--policy'))
  // A certificate is a promise that says what its leaf is.
  const given = values.certificate ?? values.promise
  const promise = given === undefined ? undefined : readText(given)
  // A promise without a receipt: it is checked against the log alone.
  if (promise !== undefined && positionals.length === 0 && values.page === undefined) {
    const url = needed(values.log, '--log, or a receipt')
    return report(await verifyPromise({ jws: promise, policy, log: new LogClient(url, io), now: io.now() }), io)
  }
  const page = values.page === undefined ? null : await fetchPage(values.page, io)
  if (page !== null && positionals.length > 0) throw new CliError('--page brings its own receipt: give no other')
  const receipt = page?.receipt ?? readJson(only(positionals, 'one receipt'))
  const { checks } = await verifyReceipt(receipt, policy)
  let good = report(checks, io)
  if (page !== null && isReadable(checks)) good = report(comparePage(page), io) && good
  for (const token of [values.fingerprint, promise])
    if (token !== undefined && isReadable(checks)) good = report([await verifyToken(receipt, token)], io) && good
  if (values.tsa !== undefined && isReadable(checks))
    good = report(verifyAuthorities(receipt, readAuthorities(values.tsa)), io) && good
  for (const file of values.earlier ?? []) good = (await continues(readJson(file), receipt, policy, io)) && good
  if (values.log !== undefined && good) good = report(await againstLog(values.log, receipt, policy, io), io)
  return good
}

const againstLog = async (url: string, receipt: unknown, policy: string, io: Io): Promise<Check[]> => {
  try {
    return await verifyAgainstLog({ receipt, policy, log: new LogClient(url, io), now: io.now() })
  } catch (error) {
    throw error instanceof NotComparable ? new CliError(error.message) : error
  }
}

const isReadable = (checks: readonly Check[]): boolean => checks.every(({ name, ok }) => name !== 'well-formed' || ok)

/** An earlier receipt counts only if it is good itself: an attacker could forge one to accuse the log. */
const continues = async (earlier: unknown, receipt: unknown, policy: string, io: Io): Promise<boolean> => {
  const verified = await verifyReceipt(earlier, policy)
  const failed = verified.checks.filter(check => !check.ok)
  if (failed.length > 0)
    return report(
      failed.map(check => ({ ...check, name: `earlier ${check.name}` })),
      io,
    )
  return report(verifyContinuation(earlier, receipt), io)
}

// Page against log: what a tracking page says, field by field, held against the leaves of its receipt.

const JSON_TYPE = { headers: { Accept: 'application/json' } }
const TRIES = 4
const WAIT_MS = 1500

interface FetchedPage {
  /** As it was served, unchecked. */
  readonly view: unknown
  readonly receipt: unknown
}

/** The JSON of a tracking or share page, and its receipt, of one moment: asked again while a new step is not signed yet. */
const fetchPage = async (url: string, { fetch }: Pick<Io, 'fetch'>): Promise<FetchedPage> => {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) throw new CliError('--page: give the address of a tracking page')
  const page = url.replace(/[?#].*$/, '').replace(/\/+$/, '')
  for (let tries = 1; ; tries++) {
    const view = await getJson(page, fetch)
    const receipt = await getJson(`${page}/receipt.json`, fetch)
    if (tries === TRIES || countSteps(view) === countSteps(receipt)) return { view, receipt }
    await new Promise(resolve => setTimeout(resolve, WAIT_MS))
  }
}

/** Errors name no address: a tracking link is a key. */
const getJson = async (url: string, fetch: Io['fetch']): Promise<unknown> => {
  const response = await fetch(url, JSON_TYPE).catch(() => null)
  if (response === null) throw new CliError('the page does not answer')
  if (response.status !== 200) throw new CliError(`the page answers ${response.status}`)
  try {
    return await response.json()
  } catch {
    throw new CliError('the page answers no JSON')
  }
}

const countSteps = (value: unknown): number => {
  const steps = memberOf(value, 'steps')
  return Array.isArray(steps) ? steps.length : -1
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined

/** One line a check. The receipt was verified before. */
const comparePage = ({ view, receipt }: FetchedPage): Check[] => {
  const { steps, receipt: parsed } = openReceipt(receipt)
  return [
    check(
      'page-complaint',
      () => wrongComplaint(view, parsed.complaint.id),
      'page and receipt are about one complaint',
    ),
    check(
      'page-steps',
      () => wrongSteps(view, steps),
      `the page shows the ${steps.length} steps of the receipt, as their leaves say`,
    ),
    check('page-texts', () => wrongTexts(view, steps), 'texts, amounts and dates are those of the leaves'),
    check(
      'page-state',
      () => wrongState(view, steps),
      'state, responsible party, due instant and clause are those of the newest leaf',
    ),
  ]
}

const check = (name: string, wrong: () => string | null, detail: string): Check => {
  const found = wrong()
  return found === null ? { name, ok: true, detail } : { name, ok: false, detail: found }
}

const wrongComplaint = (view: unknown, id: string): string | null =>
  memberOf(memberOf(view, 'complaint'), 'id') === id ? null : 'the page is about another complaint than its receipt'

const shownSteps = (view: unknown): readonly unknown[] => {
  const steps = memberOf(view, 'steps')
  return Array.isArray(steps) ? steps : []
}

const wrongSteps = (view: unknown, steps: readonly StepEvidence[]): string | null => {
  const shown = shownSteps(view)
  const missing = steps.find(({ hash }) => !shown.some(each => memberOf(each, 'leaf') === toBase64url(hash)))
  if (missing) return `step ${missing.leaf.seq} (${missing.leaf.kind}) of the receipt is not on the page`
  if (shown.length !== steps.length) return `the page shows ${shown.length} steps, and the receipt has ${steps.length}`
  const wrong = steps.find(({ leaf, index }, i) => {
    const step = shown[i]
    const by = memberOf(step, 'by')
    const said = ['seq', 'at', 'on', 'kind', 'index'].map(name => memberOf(step, name))
    const told = [leaf.seq, isoOrNull(leaf.at), isoOrNull(leaf.on), leaf.kind, index]
    const author = [memberOf(by, 'role'), memberOf(by, 'automated'), memberOf(memberOf(step, 'signed'), 'key')]
    return !isDeepStrictEqual([...said, ...author], [...told, leaf.by, leaf.auto, signatureIn(leaf.p)?.key])
  })
  return wrong ? `step ${wrong.leaf.seq} of the page is not what its leaf says` : null
}

const wrongTexts = (view: unknown, steps: readonly StepEvidence[]): string | null => {
  const shown = shownSteps(view)
  const wrong = steps.find((step, i) => !isDeepStrictEqual(withoutOfficer(memberOf(shown[i], 'fields')), toldBy(step)))
  return wrong ? `a field of step ${wrong.leaf.seq} on the page is not the one in its leaf` : null
}

/** A page names the officer of a ruling wherever an earlier step disclosed that name: not of this leaf. */
const withoutOfficer = (fields: unknown): unknown =>
  typeof fields === 'object' && fields !== null ? { ...fields, officer: undefined } : fields

const toldBy = ({ leaf, disclosures }: StepEvidence): object => {
  const opened = disclosures.flatMap(text => {
    const { name, value } = openDisclosure(text)
    return name !== SIGNED_REQUEST && leaf.d[name] === digestOf(text) ? [[name, value]] : []
  })
  // As JSON carries it, where a name without a value is none.
  const fields = JSON.parse(
    JSON.stringify(nestRemedyFields({ ...publicFields(leaf.p), ...Object.fromEntries(opened) })),
  )
  return { ...fields, officer: undefined }
}

const wrongState = (view: unknown, steps: readonly StepEvidence[]): string | null => {
  const newest = steps.at(-1)?.leaf
  const c = memberOf(view, 'complaint')
  if (!newest) return 'the receipt has no step'
  const said = [
    memberOf(c, 'state'),
    memberOf(memberOf(c, 'holder'), 'role') ?? null,
    memberOf(c, 'due'),
    memberOf(c, 'rule'),
    memberOf(c, 'policy'),
  ]
  const told = [newest.state, newest.holder, isoOrNull(newest.due), newest.rule, newest.policy]
  const name = ['state', 'responsible party', 'due instant', 'clause', 'policy'].find(
    (_, i) => !isDeepStrictEqual(said[i], told[i]),
  )
  return name === undefined ? null : `the ${name} on the page is not that of the newest leaf (step ${newest.seq})`
}
