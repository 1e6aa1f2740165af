import * as v from 'valibot'
import { needsReturn, REMEDIES } from '../complaint/words.ts'
import { amount, code, instant, line, pick } from './fields.ts'

const remedyKind = pick(REMEDIES)
const payer = pick(['buyer', 'merchant', 'platform'])
/** What a buyer asks for. */
export const sought = v.object({ kind: remedyKind, amount: v.optional(amount) })

const remedy = {
  kind: remedyKind,
  amount: v.optional(amount),
  returnTo: v.optional(line),
  freightPaidBy: v.optional(payer),
}
interface Returned {
  kind: (typeof REMEDIES)[number]
  returnTo?: string | undefined
  freightPaidBy?: string | undefined
}
/** What goes back needs an address and somebody who pays the freight. */
const hasAddress = (r: Returned) => !needsReturn(r.kind) || r.returnTo !== undefined
const hasPayer = (r: Returned) => !needsReturn(r.kind) || r.freightPaidBy !== undefined

/** What a merchant offers; an agreed date is a promise. */
export const offer = v.pipe(
  v.object({ ...remedy, owedBy: v.optional(v.literal('merchant', code('choose'))), by: v.optional(instant) }),
  v.forward(
    v.check(r => hasAddress(r), code('required')),
    ['returnTo'],
  ),
  v.forward(
    v.check(r => hasPayer(r), code('required')),
    ['freightPaidBy'],
  ),
)
/** What a ruling orders. */
export const ruledRemedy = v.pipe(
  v.object({ ...remedy, owedBy: pick(['merchant', 'platform']) }),
  v.forward(
    v.check(r => hasAddress(r), code('required')),
    ['returnTo'],
  ),
  v.forward(
    v.check(r => hasPayer(r), code('required')),
    ['freightPaidBy'],
  ),
)
