// The decision (decide of decide/evolve): from a command and the projection to a step, or to a refusal. Pure.

import { type Rule, type Rules, step } from './acts/act.ts'
import { buyerActs } from './acts/buyer.ts'
import { merchantActs } from './acts/merchant.ts'
import { expire, platformActs } from './acts/platform.ts'
import { sharedActs } from './acts/shared.ts'
import { type Act, type CommandOf, type Refusal, refuse } from './command.ts'
import type { Complaint } from './complaint.ts'
import type { NewStep, NewStepOf } from './step.ts'
import type { Role } from './words.ts'

/** Acts of the system itself: intake (`submit`), outbox (`notice`) and scheduler (`retention`). A party can call every other act. */
type SystemAct = 'submit' | 'notice' | 'retention'
type OutsideAct = Exclude<Act, SystemAct>
const acts: Rules<OutsideAct> = { ...buyerActs, ...merchantActs, ...platformActs, ...sharedActs }

const isOutside = (act: string): act is OutsideAct => act in acts
export const OUTSIDE_ACTS = Object.keys(acts).filter(isOutside)

/** What this role may ever do. */
export const actsOf = (role: Role): OutsideAct[] => OUTSIDE_ACTS.filter(act => acts[act].by.includes(role))

/** What this role may do now, whatever it will say. */
export const actionsFor = (c: Complaint, role: Role, now: number): OutsideAct[] =>
  OUTSIDE_ACTS.filter(act => acts[act].by.includes(role) && acts[act].check(c, role, now) === null)

/**
 * The one decision for API, consoles, pages and timer. `complaint` is null for `submit` alone; `now` is UTC ms and
 * becomes the step's `at`. Fold what has fallen due by `now` first (`dueSteps`).
 */
export const decide = <A extends Act>(
  command: CommandOf<A>,
  complaint: Complaint | null,
  now: number,
): NewStep[] | Refusal => {
  const made = decideStep(command, complaint, now)
  return 'refused' in made ? made : [made]
}

type Decision<A extends Act> = (command: CommandOf<A>, c: Complaint | null, now: number) => NewStep | Refusal

// Mapped types: indexed by `command.act`, each table pairs an act with its own body, so that no cast is needed.
const PARTY_ACTS: { [A in Act]?: Rule<A> } = acts
const SYSTEM_ACTS: { [A in Act]?: Decision<A> } = {
  submit: (command, _c, now) => submit(command, now),
  notice: (command, c, now) => (c === null ? refuse('wrong_state') : notice(command, now)),
  retention: (command, c, now) => (c === null ? refuse('wrong_state') : expire(c, command.by, now)),
} satisfies { [A in SystemAct]: Decision<A> }

const decideStep = <A extends Act>(command: CommandOf<A>, c: Complaint | null, now: number): NewStep | Refusal => {
  const systemAct = SYSTEM_ACTS[command.act]
  if (systemAct) return systemAct(command, c, now)
  const rule = PARTY_ACTS[command.act]
  if (c === null || !rule) return refuse('wrong_state')
  if (!rule.by.includes(command.by.role)) return refuse('not_yours')
  return rule.check(c, command.by.role, now) ?? rule.apply(c, command, now)
}

const submit = ({ by, body }: CommandOf<'submit'>, now: number): NewStepOf<'submitted'> => {
  const { remedySought: sought, buyer } = body
  const p = {
    category: body.category,
    locale: body.locale,
    ...(body.policy.index === 'merchants' && body.merchantTag !== undefined && { m: body.merchantTag }),
    ...(sought && { remedySought: { kind: sought.kind } }),
    ...(body.device && { device: body.device }),
  }
  const content = {
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
  return { ...step('submitted', by, now, p), content, policy: body.policy }
}

const mask = (name: string): string => `${[...name][0] ?? ''}**`
const maskTail = (text: string): string => `****${text.slice(-4)}`

/** A message that the provider accepted. Public, since a lapse needs the proof of three. */
const notice = ({ by, body }: CommandOf<'notice'>, now: number): NewStep => {
  const { to, stay, link, proof } = body
  const p = { to, stay, ...(link !== undefined && { link }), ...(proof && { proof: true as const }) }
  const content = proof ? { smsVendor: proof.vendor, smsId: proof.id, smsDigest: proof.digest } : {}
  return { ...step('notice_sent', by, now, p), content }
}
