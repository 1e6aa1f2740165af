import { MINUTE } from '../complaint/time.ts'
import type { StepView } from '../complaint/view/types.ts'

export type Timing = 'onTime' | 'late'

const DUTIES = ['fulfilled', 'ruled', 'appeal_ruled', 'return_shipped']

/** Is this step the answer that a clock was waiting for? A merchant who improves its offer meets no deadline. */
const meetsDeadline = (step: StepView, merchantOwes: boolean): boolean => {
  if (step.kind === 'merchant_responded') return merchantOwes
  if (step.kind === 'evidence_supplied') return step.fields.asked === true
  return DUTIES.includes(step.kind)
}

/** Whether the merchant still owes its first answer after this step; a granted appeal asks for it again. */
const owesAfter = ({ kind, fields }: StepView, owed: boolean): boolean => {
  if (kind === 'submitted') return true
  if (kind === 'appeal_ruled') return fields.granted === true
  return owed && kind !== 'merchant_responded' && kind !== 'deadline_missed'
}

/** On time or late, by seq, for the steps to which it applies. */
export const timings = (steps: readonly StepView[]): ReadonlyMap<number, Timing> => {
  const known = new Map<number, Timing>()
  let owed = false
  for (const step of steps) {
    if (step.late) known.set(step.seq, 'late')
    else if (meetsDeadline(step, owed)) known.set(step.seq, 'onTime')
    owed = owesAfter(step, owed)
  }
  return known
}

/** Days, hours and minutes: each with its word for one, and for several where that differs. */
type Units = readonly (readonly [one: string, many?: string])[]

/** 2 天 3 小时 5 分钟, as number and unit; empty below a minute. */
export const spanOf = (ms: number, units: Units): [amount: number, unit: string][] => {
  const minutes = Math.floor(ms / MINUTE)
  const amounts = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60]
  return amounts.flatMap((amount, i) => {
    const [one = '', many = one] = units[i] ?? []
    return amount > 0 ? [[amount, amount === 1 ? one : many] as [number, string]] : []
  })
}
