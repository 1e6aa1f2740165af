// The command handler: one order inside the caller's transaction. Appends what is due, decides, appends the steps with
// their messages and events, folds them, saves the projection.

import type { Act, Actor, Amount, Bodies, CommandOf, Context } from '../../complaint/command.ts'
import type { Complaint } from '../../complaint/complaint.ts'
import { dueSteps, nextDueAt } from '../../complaint/deadlines/due-steps.ts'
import { noticesFor } from '../../complaint/deadlines/notices.ts'
import { type Policy, quotasOf } from '../../complaint/deadlines/policy.ts'
import { EVERY_FIELD } from '../../complaint/deadlines/retention.ts'
import { decide } from '../../complaint/decide.ts'
import { evolve } from '../../complaint/evolve.ts'
import { isQuotaed, type NewStep, SIGNED_REQUEST } from '../../complaint/step.ts'
import { DAY } from '../../complaint/time.ts'
import { projectDueSteps } from '../../complaint/view/timeline.ts'
import { isOpen } from '../../complaint/words.ts'
import { barePhone, formatId, makeId } from '../../link/id.ts'
import { actBehind } from '../../log/author-signature.ts'
import { saysWhatWasSigned } from '../../log/chain.ts'
import { type Json, openDisclosure } from '../../log/disclosure.ts'
import { toBase64url } from '../../log/encoding.ts'
import type { LeafObject } from '../../log/leaf.ts'
import type { Done, OrderOf, Refused } from '../contract/ledger.ts'
import { DESK_TEAM } from '../contract/team.ts'
import type { FigureBook } from '../figures/figure-book.ts'
import { type LogWriter, randomPool } from '../log/log-writer.ts'
import type { LocalPartyKeys } from '../log/party-keys.ts'
import { citedDigests } from '../log/policies.ts'
import type { Tagger } from '../log/secrets.ts'
import type { WebhookOutbox } from '../outbox/webhooks.ts'
import { alertsOf, type openAlerts, settledBy } from '../storage/alerts.ts'
import type { ComplaintRepository, StoredComplaint } from '../storage/complaint-repository.ts'
import type { Store } from '../storage/queries.ts'
import {
  type AddedStep,
  addedSince,
  disclosuresAt,
  eraseFields,
  fieldAt,
  stepAt,
  stepsNaming,
} from '../storage/timeline-reader.ts'
import type { Writes } from '../storage/write-statements.ts'
import { ownTags, personTag } from './person-tags.ts'
import { IdempotencyStore, isRetired, judgeParty, judgePlace, movedSince } from './preconditions.ts'

interface ExecutorDeps {
  store: Store
  writes: Writes
  writer: LogWriter
  complaints: ComplaintRepository
  figures: FigureBook
  parties: LocalPartyKeys
  tag: Tagger
  shard: number
  webhooks: Pick<WebhookOutbox, 'plan'>
  alerts: Pick<ReturnType<typeof openAlerts>, 'isOpen'>
  /** The policy that new complaints are pinned to. */
  policy: Policy
}

export class Executor {
  readonly #deps: ExecutorDeps
  readonly #idempotency: IdempotencyStore
  readonly #random = randomPool()

  constructor(deps: ExecutorDeps) {
    this.#deps = deps
    this.#idempotency = new IdempotencyStore(deps.store, deps.writes)
  }

  run<A extends Act>(order: OrderOf<A>): Done | Refused {
    const at = this.#deps.writer.now()
    const before = this.#repeated(order, at)
    if (before) return before
    const done = isSubmission(order) ? this.#submit(order, at) : this.#act(order, at)
    if (order.idempotency && 'seq' in done) this.#idempotency.add(order.idempotency, at, done)
    return done
  }

  /** What `run` would answer without a new complaint; null where there would be one. */
  answered(order: OrderOf<'submit'>): Done | Refused | null {
    return this.#repeated(order, this.#deps.writer.now()) ?? (this.#isOpen(order) ? { refused: 'already_open' } : null)
  }

  #repeated({ idempotency }: OrderOf<Act>, at: number): Done | Refused | null {
    return idempotency ? this.#idempotency.find(idempotency, at) : null
  }

  /** One open complaint for each order item (rule 12). */
  #isOpen({ body }: OrderOf<'submit'>): boolean {
    return this.#deps.store.openAbout.get({ item: itemTag(this.#deps.tag, body) }) !== undefined
  }

  /** Appends at `at` the steps of one complaint that are due by `until`. An order passes its own instant: no leaf is backdated. */
  appendDue(id: number, at: number = this.#deps.writer.now(), until: number = at): StoredComplaint | null {
    const { complaints } = this.#deps
    const stored = complaints.get(id)
    if (!stored) return null
    const current = this.#withDueSteps(stored, at, until)
    if (current !== stored) complaints.save(current)
    return current
  }

  #submit(order: OrderOf<'submit'>, at: number): Done | Refused {
    const { complaints, figures, tag, policy } = this.#deps
    const { body } = order
    if (this.#isOpen(order)) return { refused: 'already_open' }
    const id = this.#freshId()
    const command = {
      act: 'submit',
      by: actorOf(order, '', tag),
      body: { ...body, id: formatId(id), policy, merchantTag: figures.tagOf(body.merchantId) },
    } as const
    const steps = decide(command, null, at)
    if ('refused' in steps) return steps
    if (order.signed && !sign(steps, 'submit', order.signed)) return { refused: 'signature_wrong' }
    const blank = {
      id,
      tag: toBase64url(this.#random(16)),
      merchant: body.merchantId,
      item: itemTag(tag, body),
      head: '',
      chain: [],
      counted: null,
      added: [],
    }
    const stored = this.#append(blank, steps)
    figures.name(body.merchantId, body.merchantName)
    complaints.add(stored, phoneTag(tag, body.buyer.phone))
    return { id, seq: 0, replayed: false }
  }

  #act<A extends Act>(order: OrderOf<A>, at: number): Done | Refused {
    const stored = this.#broughtUpToDate(order, at)
    if (!stored) return { refused: 'not_found' }
    if (order.expectedHead && this.#isStale(order, stored, order.expectedHead)) return { refused: 'stale' }
    const replayed = order.signed && judgePlace(this.#deps.store, stored, { act: order.act, signed: order.signed })
    if (replayed) return { refused: replayed }
    if (isRetired(order, stored, at)) return { refused: 'signature_retired' }
    const { parties, writer, figures } = this.#deps
    const tagOf = (merchant: string) => figures.tagOf(merchant)
    const unproven = judgeParty(order, stored, { parties, index: writer.frontier.size, tagOf })
    if (unproven) return { refused: unproven }
    const command: CommandOf<A> = {
      act: order.act,
      by: this.#actor(order, stored),
      // Only a submission's body differs from its command's.
      body: order.body as Bodies[A],
      context: contextOf(this.#deps.store, order, stored),
    }
    const steps = decide(command, stored.complaint, at)
    if ('refused' in steps) return steps
    if (!this.#itemIsFree(stored, steps)) return { refused: 'already_open' }
    const added = stored.added ?? (steps.some(isQuotaed) ? addedSince(this.#deps.store, stored.chain, at - DAY) : null)
    const retryAt = quotaEnds(stored, steps, added ?? [], at)
    if (retryAt !== null) return { refused: 'too_many', retryAt }
    if (order.signed && !sign(steps, order.act, order.signed)) return { refused: 'signature_wrong' }
    const next = this.#append({ ...stored, added }, steps)
    this.#deps.complaints.save(next)
    this.#erase(next, steps)
    return { id: stored.id, seq: next.complaint.seq, replayed: false }
  }

  /** Of all that a complaint says nothing is erased that its page did not show: there every step counts, a message too. */
  #isStale(order: OrderOf<Act>, stored: StoredComplaint, expectedHead: string): boolean {
    const isWhole = 'field' in order.body && order.body.field === EVERY_FIELD
    return isWhole ? stored.head !== expectedHead : movedSince(this.#deps.store, stored, expectedHead, order.by.role)
  }

  #actor<A extends Act>(order: OrderOf<A>, stored: StoredComplaint): Actor {
    const { store, tag } = this.#deps
    const { person: name, subject } = order.by
    const actor = actorOf(order, stored.tag, tag)
    if (name === undefined) return actor
    // Lazy: most decisions meet no earlier step whose author matters.
    return { ...actor, ownTags: () => ownTags(tag, stored.tag, { name, subject }, stepsNaming(store, stored.chain)) }
  }

  /** Authorization: null for another merchant's complaint, as for one that doesn't exist; nothing is appended to it either. */
  #broughtUpToDate({ complaint: id, by }: OrderOf<Act>, at: number): StoredComplaint | null {
    const stored = id === null ? null : this.#deps.complaints.get(id)
    if (!stored || (by.merchant !== undefined && by.merchant !== stored.merchant)) return null
    return this.appendDue(stored.id, at)
  }

  /** The instants at which a complaint falls due by `now`, in order, as far as its steps can tell. */
  dueInstants(id: number, now: number): number[] {
    const stored = this.#deps.complaints.get(id)
    return stored ? [...new Set(projectDueSteps(stored.complaint, now).map(({ step }) => step.on))] : []
  }

  #withDueSteps(stored: StoredComplaint, at: number, until: number): StoredComplaint {
    const { id, complaint } = stored
    const due = nextDueAt(complaint)
    if (due === null || until < due) return stored
    const failed = this.#deps.store.undelivered.get({ complaint: id, stay: complaint.enteredSeq })?.count ?? 0
    const steps = dueSteps(complaint, at, failed)
    return steps.length === 0 ? stored : this.#withDueSteps(this.#append(stored, steps), at, until)
  }

  /** Writes the leaves of these steps and their messages; the complaint's row is saved once, by the caller. */
  #append(
    stored: Omit<StoredComplaint, 'complaint'> & { complaint?: Complaint },
    steps: readonly NewStep[],
  ): StoredComplaint {
    let { head, complaint, counted, added } = stored
    // An old row is counted as a whole later, with the leaves that join it until then.
    const counts = complaint === undefined || counted !== null
    const chain = [...stored.chain]
    for (const step of steps) {
      const after = evolve(complaint ?? null, step)
      const leaf = leafOf(stored.tag, head, step, after)
      const appended = this.#deps.writer.append(leaf, step.content, step.request)
      if (counts)
        counted = this.#deps.figures.count(counted, leaf, {
          ...{ id: stored.id, merchant: stored.merchant, category: after.category },
          officer: officerIn(step),
        })
      chain.push(appended.idx)
      added = withAdded(added, step, appended.chars)
      head = appended.hash
      this.#plan(stored, step, complaint ?? null, after)
      this.#alert(stored.id, step, complaint ?? null, after)
      this.#nameOfficer(stored.id, step, complaint ?? null, after)
      complaint = after
      this.#deps.webhooks.plan(stored.merchant, stored.id, after.seq, step.at)
    }
    if (!complaint) throw new RangeError('no step to append')
    return { ...stored, head, chain, complaint, counted, added }
  }

  #plan(
    { id: complaint, merchant }: Pick<StoredComplaint, 'id' | 'merchant'>,
    step: NewStep,
    before: Complaint | null,
    after: Complaint,
  ): void {
    const planned = noticesFor(step, before, after)
    if (planned.length === 0) return
    const row: Record<string, string | number | null> = {
      complaint,
      seq: after.seq,
      stay: after.enteredSeq,
      createdAt: step.at,
    }
    planned.forEach(({ party, template, at }, i) => {
      row[`party${i}`] = party
      row[`recipient${i}`] = party === 'buyer' ? null : party === 'merchant' ? `merchant:${merchant}` : party
      row[`template${i}`] = template
      row[`nextAt${i}`] = at
    })
    this.#deps.writes.addMessages(planned.length)(row)
  }

  #alert(complaint: number, step: NewStep, before: Complaint | null, after: Complaint): void {
    for (const settled of settledBy(step, before, after))
      this.#deps.writes.settleAlerts({ complaint, kind: settled, settledBy: 'step', settledAt: step.at })
    for (const kind of alertsOf(step, after.seq, after))
      if (!this.#deps.alerts.isOpen(complaint, kind))
        this.#deps.writes.addAlert({ complaint, seq: after.seq, kind, at: step.at })
  }

  /** An officer's name by complaint, so that a desk's list can be asked for one officer's. An appeal takes it from them. */
  #nameOfficer(complaint: number, { who, content }: NewStep, before: Complaint | null, { officer }: Complaint): void {
    if (officer === null && before && before.officer !== null)
      this.#deps.writes.releaseDesk({ complaint, team: DESK_TEAM })
    const person = 'officer' in content ? content.officer : undefined
    if (who !== null && officer === who && typeof person === 'string')
      this.#deps.writes.assignDesk({ complaint, team: DESK_TEAM, person })
  }

  /** One open complaint for each order item (rule 12), also when a closed one is reopened. */
  #itemIsFree({ complaint, item }: StoredComplaint, steps: readonly NewStep[]): boolean {
    // Once its order was erased, nothing says that another complaint is about the same.
    if (item === '' || isOpen(complaint.state) || !isOpen(steps.reduce<Complaint>(evolve, complaint).state)) return true
    return this.#deps.store.openAbout.get({ item }) === undefined
  }

  /** Retention: erases all that an ended complaint says, with the step that tells of it. False where it is not due, or held. */
  expire(id: number): boolean {
    const { complaints, writer } = this.#deps
    const stored = this.appendDue(id)
    if (!stored) return false
    const by = { role: 'system', auto: true, who: null } as const
    const steps = decide({ act: 'retention', by, body: {} }, stored.complaint, writer.now())
    if ('refused' in steps) {
      // Else the same row would be asked for again and again.
      complaints.restore(id)
      return false
    }
    const next = this.#append(stored, steps)
    complaints.save(next)
    this.#erase(next, steps)
    return true
  }

  #erase({ id, chain }: StoredComplaint, steps: readonly NewStep[]): void {
    for (const step of steps) {
      if (step.kind === 'redacted') eraseFrom(this.#deps.store, { id, chain }, step.p)
    }
  }

  #freshId(): number {
    for (;;) {
      const id = makeId(this.#deps.shard, this.#random(5))
      if (this.#deps.complaints.get(id) === null) return id
    }
  }
}

/** Rate limit: when this party may add to the complaint again; null if it may now. What moves the state is never held up. */
const quotaEnds = (
  { complaint: { policy } }: StoredComplaint,
  steps: readonly NewStep[],
  added: readonly AddedStep[],
  at: number,
): number | null => {
  const free = steps.find(isQuotaed)
  if (!free) return null
  const { steps: limit, bytes } = quotasOf(policy)
  const own = added.filter(step => step.by === free.by && step.at > at - DAY).slice(-limit)
  const [oldest] = own
  const isWithin = own.length < limit && own.reduce((sum, { chars }) => sum + chars, 0) < bytes
  return isWithin || !oldest ? null : oldest.at + DAY
}

/** The steps that quotas count, with this one. Erasure makes texts shorter, so that they are read anew; null where they were not read. */
const withAdded = (added: readonly AddedStep[] | null, step: NewStep, chars: number): readonly AddedStep[] | null => {
  if (added === null || step.kind === 'redacted') return null
  if (!isQuotaed(step)) return added
  return [...added.filter(({ at }) => at > step.at - DAY), { by: step.by, at: step.at, chars }]
}

/** False where verifiers would refuse a step for good: it says what its author did not sign, or is of a kind that nobody signs. */
const sign = (
  steps: readonly NewStep[],
  act: Act,
  { request, subject: _, ...signed }: NonNullable<OrderOf<Act>['signed']>,
): boolean => {
  const { value } = openDisclosure(request)
  for (const step of steps) {
    // Fields hold JSON values, and parameters leaf values; what is absent is left out of both.
    const fields = Object.entries(step.content).map(([name, field]) => [name, (field ?? null) as Json] as const)
    if (
      actBehind(step) !== act ||
      !saysWhatWasSigned({ kind: step.kind, by: step.by, p: step.p as LeafObject }, fields, value)
    )
      return false
    Object.assign(step, { signed, request })
  }
  return true
}

export const isSubmission = (order: OrderOf<Act>): order is OrderOf<'submit'> => order.act === 'submit'

type ContextOf<A extends Act> = (order: OrderOf<A>, store: Store, stored: StoredComplaint) => Context

/** What the decision needs of the disclosed texts. A mapped type: indexed by `order.act`, it pairs act and body. */
const CONTEXTS: { readonly [A in Act]?: ContextOf<A> } = {
  responses: ({ body }, store, { chain }) => (body.answer === 'offer' ? { sought: soughtAt(store, chain[0]) } : {}),
  rulings: ({ body }, store) => ({ cited: citedDigests(store, body.cites) }),
  refusal: ({ body }, store) => ({ cited: citedDigests(store, body.cites) }),
  redactions: ({ body }, store, { chain }) => ({ target: targetAt(store, chain[body.seq]) }),
  'redaction-request': ({ body }, store, { chain }) => ({ target: targetAt(store, chain[body.seq]) }),
  'device-keys': (_order, store, { chain }) => ({ tail: tailAt(store, chain[0]) }),
  'device-key-retirements': ({ signed }, store, { chain }) => ({ tail: tailAt(store, chain[0]), signer: signed?.key }),
}

const contextOf = <A extends Act>(store: Store, order: OrderOf<A>, stored: StoredComplaint): Context =>
  CONTEXTS[order.act]?.(order, store, stored) ?? {}

const tailAt = (store: Store, idx = -1): string | undefined => {
  const phone = fieldAt(store, idx, 'buyerPhone')
  return typeof phone === 'string' ? barePhone(phone).slice(-4) : undefined
}

const soughtAt = (store: Store, idx = -1): Amount | undefined => {
  const amount = fieldAt(store, idx, 'remedySoughtAmount')
  return isAmount(amount) ? amount : undefined
}
const isAmount = (value: unknown): value is Amount =>
  typeof value === 'object' && value !== null && 'value' in value && 'currency' in value

/** Not erasable: receipts and the merchant's pages need to say which complaint it is, and whose. */
const UNERASABLE = ['id', 'merchantId', 'merchantName']

/** The author of a submission's texts is the buyer, even if the platform submitted it. */
const targetAt = (store: Store, idx: number | undefined): Context['target'] => {
  if (idx === undefined) return undefined
  const { kind, by } = stepAt(store, idx)
  const fields = [...disclosuresAt(store, idx).keys()].filter(
    name => name !== SIGNED_REQUEST && !UNERASABLE.includes(name),
  )
  return { by: kind === 'submitted' ? 'buyer' : by, fields }
}

/**
 * Erasure: removes the text; with a phone its search tag too. A file is noted for the host to remove. Erasing every field also
 * removes what stands beside the log about the complaint: assignee, notes, alerts.
 */
export const eraseFrom = (
  store: Store,
  { id, chain }: Pick<StoredComplaint, 'id' | 'chain'>,
  { seq, field }: { seq: number; field: string },
): void => {
  const isAll = field === EVERY_FIELD
  const erased = isAll ? chain.slice(0, seq + 1) : [chain[seq] ?? -1]
  // What an author signed repeats the text.
  const isDoomed = (name: string) => (isAll ? !UNERASABLE.includes(name) : name === field || name === SIGNED_REQUEST)
  const files = new Set(erased.flatMap(idx => eraseFields(store, idx, isDoomed)))
  for (const sha256 of files) store.addErasedFile.run({ complaint: id, sha256 })
  const first = chain[0] ?? -1
  if (seq === 0 && field === 'buyerPhone') store.tagPhone.run({ first, phone: '' })
  if (!isAll) return
  store.forgetTags.run({ first })
  for (const forget of [store.forgetAlerts, store.forgetNotes, store.forgetAssignees]) forget.run({ complaint: id })
}

/** Index key: the order's tag comes first, so that all items of an order are adjacent. */
export const orderTag = (tag: Tagger, orderId: string): string => tag('order', orderId).slice(0, 16)
export const itemTag = (tag: Tagger, { orderId, item }: { orderId: string; item?: string | undefined }): string =>
  orderTag(tag, orderId) + tag('item', orderId, item ?? '').slice(0, 8)

/** Index key: the same phone in any spelling. */
export const phoneTag = (tag: Tagger, phone: string): string => tag('phone', barePhone(phone)).slice(0, 16)

/** Privacy: people appear in the log only as an HMAC, which differs for each complaint. */
const actorOf = <A extends Act>({ by }: OrderOf<A>, complaintTag: string, tag: Tagger): Actor => ({
  role: by.role,
  auto: by.automated,
  who: by.person === undefined ? null : personTag(tag, complaintTag, { name: by.person, subject: by.subject }),
  name: by.person,
})

const leafOf = (c: string, head: string, step: NewStep, after: Complaint) => ({
  c,
  seq: after.seq,
  prev: head === '' ? null : head,
  at: step.at,
  on: step.on,
  kind: step.kind,
  by: step.by,
  auto: step.auto,
  who: step.who,
  state: after.state,
  holder: after.holder,
  due: after.due,
  rule: after.rule,
  policy: after.policy.hash,
  // Parameters are leaf values by their types; optional ones are left out, never undefined.
  p: (step.signed ? { ...step.p, signed: step.signed } : step.p) as LeafObject,
})

const officerIn = ({ content }: NewStep): string | null =>
  typeof content.officer === 'string' ? content.officer : null
