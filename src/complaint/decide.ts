import { type Rule, type Rules, step } from './acts/act.ts'
import { buyerActs } from './acts/buyer.ts'
import { merchantActs } from './acts/merchant.ts'
import { platformActs } from './acts/platform.ts'
import { sharedActs } from './acts/shared.ts'
import type { Act, Command, CommandOf } from './command.ts'
import type { Complaint } from './complaint.ts'
import { type Refusal, refuse } from './refusal.ts'
import type { NewStep } from './step.ts'
import type { Role } from './words.ts'

type OutsideAct = Exclude<Act, 'submit' | 'notice'>
const acts: Rules<OutsideAct> = { ...buyerActs, ...merchantActs, ...platformActs, ...sharedActs }

const isOutside = (act: string): act is OutsideAct => act in acts
export const OUTSIDE_ACTS = Object.keys(acts).filter(isOutside)

/** What this role may ever do. */
export const actsOf = (role: Role): OutsideAct[] => OUTSIDE_ACTS.filter(act => acts[act].by.includes(role))

/** What this role may do now, whatever it will say. */
export const actionsFor = (c: Complaint, role: Role, now: number): OutsideAct[] =>
  OUTSIDE_ACTS.filter(act => acts[act].by.includes(role) && acts[act].check(c, role, now) === null)

const mask = (name: string): string => `${[...name][0] ?? ''}**`
const maskTail = (text: string): string => `****${text.slice(-4)}`

const submit = ({ by, body }: CommandOf<'submit'>, now: number): NewStep => {
  const { remedySought: sought, buyer } = body
  const made = step('submitted', by, now, {
    category: body.category,
    locale: body.locale,
    ...(sought && { remedySought: { kind: sought.kind } }),
  })
  const says = {
    id: body.id,
    orderId: body.orderId,
    item: body.item,
    merchantId: body.merchantId,
    merchantName: body.merchantName,
    buyerName: buyer.name,
    buyerNameMasked: mask(buyer.name),
    buyerPhone: buyer.phone,
    buyerPhoneMasked: maskTail(buyer.phone),
    statement: body.statement,
    remedySoughtAmount: sought?.amount && { ...sought.amount },
  }
  return { ...made, says, policy: body.policy } as NewStep
}

/** Sent and accepted: the three of these that a lapse needs are public. */
const notice = ({ by, body }: CommandOf<'notice'>, now: number): NewStep => {
  const { to, stay, link } = body
  return step('notice_sent', by, now, { to, stay, ...(link !== undefined && { link }) })
}

const judge = <A extends OutsideAct>(rule: Rule<A>, c: Complaint, command: CommandOf<A>, now: number) => {
  if (!rule.by.includes(command.by.role)) return refuse('not_yours')
  return rule.check(c, command.by.role, now) ?? rule.apply(c, command, now)
}

/**
 * The one decision for API, consoles, pages and timer. `complaint` is null for `submit` alone; `now` is UTC ms and
 * becomes the step's `at`. Whatever has fallen due by `now` must have been folded before (`fallsDue`).
 */
export const decide = (command: Command, complaint: Complaint | null, now: number): NewStep[] | Refusal => {
  const made = command.act === 'submit' ? submit(command, now) : onComplaint(command, complaint, now)
  return 'refused' in made ? made : [made]
}

const onComplaint = (command: Exclude<Command, CommandOf<'submit'>>, c: Complaint | null, now: number) => {
  if (c === null) return refuse('wrong_state')
  if (command.act === 'notice') return notice(command, now)
  // The table pairs each act with its own body; TypeScript cannot follow the pairing through an index.
  return judge(acts[command.act] as Rule<OutsideAct>, c, command as CommandOf<OutsideAct>, now)
}
