import { inWordsOf } from '../../i18n/intake.ts'
import type { Ledger } from '../../ledger/port.ts'
import { performAct } from '../acting.ts'
import { hashKey } from '../auth.ts'
import { type Deps, shardForMerchant } from '../deps.ts'
import { Problem, refusalProblem } from '../problem.ts'
import type { SubmittedForm } from './submission-form.ts'
import type { TicketVisit } from './ticket-visit.ts'

export interface Submission {
  id: number
  /** False where the complaint stands and its photos could not be kept. */
  photosKept: boolean
}

const BUYER = { role: 'buyer', automated: false } as const

/**
 * One complaint for each ticket: whoever sends the same again gets the first answer, other words or photos are refused. The
 * complaint comes first, its photos are a step of their own.
 */
export const submitComplaint = async (deps: Deps, visit: TicketVisit, sent: SubmittedForm): Promise<Submission> => {
  const { asked, files } = sent
  const ledger = shardOf(deps, asked.merchantId)
  const body = hashKey(JSON.stringify([asked, files.map(({ ref }) => ref.sha256)]))
  const done = await ledger.execute({
    act: 'submit',
    complaint: null,
    by: BUYER,
    body: { ...asked, locale: visit.page.locale },
    idempotency: { key: hashKey(`ticket\n${visit.jti}`), body },
  })
  if ('refused' in done) throw refusalProblem(done)
  const photosKept = files.length === 0 || (await keepPhotos(deps, visit, done.id, sent))
  return { id: done.id, photosKept }
}

const shardOf = (deps: Deps, merchantId: string): Ledger => {
  const ledger = deps.ledgers[shardForMerchant(merchantId, deps.ledgers.length)]
  if (!ledger) throw new Problem('not_found')
  return ledger
}

/** The complaint stands already: a failure here must not look as if nothing had been handed in. */
const keepPhotos = async (
  deps: Deps,
  { jti, page }: TicketVisit,
  id: number,
  { files }: SubmittedForm,
): Promise<boolean> => {
  const body = {
    value: { text: inWordsOf(page).photosText },
    files: files.map(({ ref, bytes }) => new File([new Uint8Array(bytes)], ref.name, { type: ref.type })),
    hasUnexpectedFile: false,
    rawFields: {},
  }
  const once = (asked: unknown) => ({ key: hashKey(`photos\n${jti}`), body: hashKey(JSON.stringify(asked)) })
  try {
    await performAct(deps, { act: 'evidence', id, by: () => BUYER, body, idempotency: once })
    return true
  } catch (error) {
    console.error('photos of a new complaint were not kept:', error instanceof Problem ? error.code : 'failed')
    return false
  }
}
