// Page against log: what a tracking page says, field by field, held against the leaves of its receipt.

import { isDeepStrictEqual } from 'node:util'
import { isoOrNull } from '../complaint/time.ts'
import { nestRemedyFields } from '../complaint/view/complaint-view.ts'
import { publicFields } from '../complaint/view/visibility.ts'
import { SIGNED_REQUEST, signatureIn } from '../log/author-signature.ts'
import type { Check } from '../log/check.ts'
import { digestOf, openDisclosure } from '../log/disclosure.ts'
import { toBase64url } from '../log/encoding.ts'
import { openReceipt, type StepEvidence } from '../log/receipt.ts'
import { CliError, type Io } from './io.ts'

const JSON_TYPE = { headers: { Accept: 'application/json' } }
const TRIES = 4
const WAIT_MS = 1500

export interface FetchedPage {
  /** As it was served, unchecked. */
  readonly view: unknown
  readonly receipt: unknown
}

/** The JSON of a tracking or share page, and its receipt, of one moment: asked again while a new step is not signed yet. */
export const fetchPage = async (url: string, { fetch }: Pick<Io, 'fetch'>): Promise<FetchedPage> => {
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
export const comparePage = ({ view, receipt }: FetchedPage): Check[] => {
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
