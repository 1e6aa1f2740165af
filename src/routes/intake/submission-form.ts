import { isMoney, type RemedyKind } from '../../complaint/words.ts'
import type { Intake } from '../../ledger/port.ts'
import { type Body, parse } from '../body.ts'
import type { Deps } from '../deps.ts'
import { type CheckedFile, checkFiles } from '../evidence.ts'
import { type FieldProblem, Problem } from '../problem.ts'
import { Complaint, type TicketClaims, Wish } from '../schemas.ts'

/** A complaint as it was sent, ready to be handed in: the order's part from the ticket, the rest from the form. */
export interface SubmittedForm {
  asked: Omit<Intake, 'locale'>
  files: CheckedFile[]
}

/** Everything that is wrong at once, files too: nothing is handed in before all is right. Throws a Problem that names each. */
export const readSubmittedForm = async (deps: Deps, ticket: TicketClaims, body: Body): Promise<SubmittedForm> => {
  // A form leaves out what was left empty.
  const value = { remedySought: {}, ...body.value, ...(ticket.name !== undefined && { name: ticket.name }) }
  const [typed, wish, files] = await Promise.all([
    attempt(async () => parse(Complaint(deps.categories), value)),
    attempt(async () => parse(Wish, value)),
    attempt(async () => (body.hasUnexpectedFile ? refuseStray() : checkFiles(body.files))),
  ])
  const money = wish.got ? moneyOf(wish.got.remedySought, ticket) : { problems: [] }
  const problems = [...typed.problems, ...money.problems, ...files.problems]
  if (!typed.got || !files.got || problems.length > 0) throw new Problem('invalid', problems)
  const { name, category, statement, remedySought } = typed.got
  const { orderId, item, merchantId, merchantName, phone } = ticket
  const sought = { kind: remedySought.kind, ...('amount' in money && { amount: money.amount }) }
  const order = { orderId, ...(item !== undefined && { item }), merchantId, merchantName }
  return {
    asked: { ...order, buyer: { name, phone }, category, statement, remedySought: sought },
    files: files.got,
  }
}

type Attempt<T> = { got: T; problems: [] } | { got: null; problems: readonly FieldProblem[] }

const attempt = async <T>(work: () => Promise<T>): Promise<Attempt<T>> => {
  try {
    return { got: await work(), problems: [] }
  } catch (error) {
    if (!(error instanceof Problem) || error.errors.length === 0) throw error
    return { got: null, problems: error.errors }
  }
}

const refuseStray = (): never => {
  throw new Problem('invalid', [{ field: 'files', code: 'other' }])
}

type Sought = { kind: RemedyKind; amount?: { value: string } | undefined }
const AMOUNT = 'remedySought.amount.value'
/** All that was paid, unless the buyer says less. */
const WHOLE: readonly RemedyKind[] = ['refund', 'return_refund']

const moneyOf = ({ kind, amount }: Sought, { amount: paid }: TicketClaims) => {
  if (!isMoney(kind)) return { problems: [] }
  if (!amount && !WHOLE.includes(kind)) return { problems: [{ field: AMOUNT, code: 'required' } as const] }
  const max = mostOf(kind, Number(paid.value))
  const value = amount?.value ?? paid.value
  if (Number(value) > max) return { problems: [{ field: AMOUNT, code: 'amount', max } as const] }
  return { problems: [], amount: { value, currency: paid.currency } }
}

/** A refund ends at what was paid. Compensation may be ten times that, and at least 1,000 yuan (Food Safety Law, article 148). */
const mostOf = (kind: RemedyKind, paid: number): number => (kind === 'compensation' ? Math.max(paid * 10, 1000) : paid)
