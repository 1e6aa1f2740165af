// The operator's settings, and the dry run of another deadline policy over all open complaints. It changes nothing.

import type { Context } from 'hono'
import { stream } from 'hono/streaming'
import { sha256Text } from '#sha256'
import { emptyTally, mergeTallies, type PolicyTrialTally } from '../../complaint/deadlines/other-policy.ts'
import { type Policy, parsePolicy, policyFaults } from '../../complaint/deadlines/policy.ts'
import type { PolicyTrial } from '../../ledger/contract/ledger.ts'
import { formatId } from '../../link/id.ts'
import { errorFields, log } from '../../telemetry/log.ts'
import {
  type OperatorSettings,
  settingsPage,
  type TrialForm,
  trialFailed,
  trialPage,
  trialProgress,
  trialResult,
} from '../../views/desk/settings.ts'
import { CONSOLE_FORM, readBody } from '../body.ts'
import { askAll, type Deps } from '../deps.ts'
import { Problem } from '../problem.ts'
import type { Signed } from '../signin/session.ts'
import { deskPageOf } from './case.ts'

/** A document has some 15,000 characters. */
const LONGEST = 100_000
/** How long a dry run may take; what it has seen by then is shown. */
const PATIENCE_MS = 60_000

export const showSettings = async (c: Context<Signed>, deps: Deps) => {
  const { settings, page } = await read(c, deps)
  return c.html(String(settingsPage(settings, page)))
}

const read = async (c: Context<Signed>, deps: Deps) => {
  const { operator, baseUrl, demo = false } = deps
  if (!operator) throw new Problem('not_found')
  const { answers, silent } = await askAll(deps.ledgers, async ledger => {
    const { origin, verifierKey } = await ledger.log.identity()
    return { shard: deps.ledgers.indexOf(ledger), origin, key: verifierKey }
  })
  const { shipped, ...facts } = operator
  const settings: OperatorSettings = { ...facts, shipped: shipped.names, demo, baseUrl, logs: answers }
  return { operator, settings, page: { ...(await deskPageOf(c, deps)), silent } }
}

export const tryDocument = async (c: Context<Signed>, deps: Deps) => {
  const { rawFields: typed } = await readBody(c, { limits: CONSOLE_FORM })
  const { settings, operator, page } = await read(c, deps)
  const { shipped = '', document = '' } = typed
  const known = operator.shipped.names.includes(shipped) ? operator.shipped.document(shipped) : undefined
  const posted: Read = known === undefined ? readDocument(document) : { chosen: known }
  if (!('chosen' in posted)) {
    const form: TrialForm = { shipped, document, faults: [], problem: null, ...posted }
    return c.html(String(settingsPage(settings, page, form)), 422)
  }
  const { chosen } = posted
  const policy: Policy = { ...parsePolicy(chosen), hash: sha256Text(JSON.stringify(chosen)) }
  const [head, tail] = trialPage(settings, policy, page)
  c.header('Content-Type', 'text/html; charset=utf-8')
  return stream(
    c,
    async out => {
      await out.write(head)
      const { silent, tally, ...trial } = await tryOn(deps, chosen, async (done, all) => {
        await out.write(trialProgress(done, all, page))
        return !out.aborted
      })
      const examples = tally.examples.map(({ id, ...each }) => ({ ...each, code: formatId(id) }))
      const shown = { ...tally, ...trial, document: policy, examples }
      await out.write(`${trialResult(shown, { ...page, silent })}${tail}`)
    },
    // The head was sent, so the answer can say no more than that it ends here.
    async (error, out) => {
      log('error', 'policy dry run failed', { requestId: c.get('requestId'), ...errorFields(error) })
      await out.write(`${trialFailed(page)}${tail}`)
    },
  )
}

type Read = { chosen: unknown } | Partial<Pick<TrialForm, 'faults' | 'problem'>>

const readDocument = (text: string): Read => {
  if (text.trim() === '') return { problem: 'empty' }
  if (text.length > LONGEST) return { problem: 'long' }
  try {
    const chosen: unknown = JSON.parse(text)
    const faults = policyFaults(chosen)
    return faults.length > 0 ? { faults } : { chosen }
  } catch {
    return { problem: 'notJson' }
  }
}

/** One shard after the other, each in portions. `goOn` hears how far it is, and may end it. */
const tryOn = async (
  { ledgers, clock }: Deps,
  document: unknown,
  goOn: (done: number, all: number) => Promise<boolean>,
) => {
  const [now, began] = [clock.now(), Date.now()]
  const { answers: counts, ledgers: asked, silent: mute } = await askAll(ledgers, ledger => ledger.inboxCount({ now }))
  const all = counts.reduce((sum, count) => sum + count, 0)
  const silent = new Set(mute)
  let [tally, surges, isAdopted, isPartial]: [PolicyTrialTally, string | null, boolean, boolean] = [
    emptyTally(),
    null,
    false,
    false,
  ]
  for (const ledger of asked) {
    let after: PolicyTrial['after'] = null
    do {
      const { answers } = await askAll([ledger], each => each.tryPolicy({ document, now, after }))
      const [portion] = answers
      if (!portion) {
        silent.add(ledgers.indexOf(ledger))
        break
      }
      tally = mergeTallies(tally, portion)
      surges ??= portion.surges
      isAdopted ||= portion.isAdopted
      after = portion.after
      isPartial = !(await goOn(tally.open + tally.unreadable, all)) || Date.now() - began > PATIENCE_MS
    } while (after !== null && !isPartial)
    if (isPartial) break
  }
  return { tally, surges, isAdopted, isPartial: isPartial && tally.open + tally.unreadable < all, silent: [...silent] }
}
