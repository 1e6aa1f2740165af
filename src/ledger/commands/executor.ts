import type { Act, Actor, Command } from '../../complaint/command.ts'
import type { Complaint } from '../../complaint/complaint.ts'
import { dueSteps } from '../../complaint/deadlines/due-steps.ts'
import { noticesFor } from '../../complaint/deadlines/notices.ts'
import type { Policy } from '../../complaint/deadlines/policy.ts'
import { decide } from '../../complaint/decide.ts'
import { evolve } from '../../complaint/evolve.ts'
import type { NewStep } from '../../complaint/step.ts'
import { projectDueSteps as lookAhead } from '../../complaint/view/timeline.ts'
import { isOpen } from '../../complaint/words.ts'
import { formatId, makeId } from '../../link/id.ts'
import { toBase64url } from '../../log/encoding.ts'
import type { LeafObject } from '../../log/leaf.ts'
import type { LogWriter } from '../log/log-writer.ts'
import type { Tagger } from '../log/secrets.ts'
import type { WebhookOutbox } from '../outbox/webhooks.ts'
import type { Done, Order, OrderOf, Refused } from '../port.ts'
import { randomPool } from '../random.ts'
import { alertOf } from '../storage/alerts.ts'
import type { ComplaintRepository, StoredComplaint } from '../storage/complaint-repository.ts'
import type { Store } from '../storage/queries.ts'
import { eraseField } from '../storage/timeline-reader.ts'
import type { Writes } from '../storage/write-statements.ts'
import { movedSince } from './conflict.ts'
import { contextOf } from './context.ts'
import { IdempotencyStore } from './idempotency.ts'

interface ExecutorDeps {
  store: Store
  writes: Writes
  writer: LogWriter
  book: ComplaintRepository
  tag: Tagger
  shard: number
  hooks: Pick<WebhookOutbox, 'plan'>
  /** The policy that new complaints are pinned to. */
  policy: Policy
}

/** Carries out one order inside the caller's transaction: settle, decide, append, fold, save. */
export class Executor {
  readonly #desk: ExecutorDeps
  readonly #once: IdempotencyStore
  readonly #random = randomPool()

  constructor(desk: ExecutorDeps) {
    this.#desk = desk
    this.#once = new IdempotencyStore(desk.store)
  }

  run(order: Order): Done | Refused {
    const at = this.#desk.writer.now()
    const before = order.idempotency && this.#once.look(order.idempotency, at)
    if (before) return before
    const done = order.act === 'submit' ? this.#submit(order, at) : this.#act(order, at)
    if (order.idempotency && 'seq' in done) this.#once.add(order.idempotency, at, done)
    return done
  }

  /** Appends at `at` what has fallen due in one complaint by `until`; an order passes its own instant, so that no leaf is dated back. */
  appendDue(id: number, at: number = this.#desk.writer.now(), until: number = at): StoredComplaint | null {
    const { book } = this.#desk
    const kept = book.get(id)
    if (!kept) return null
    const settled = this.#settled(kept, at, until)
    if (settled !== kept) book.save(settled)
    return settled
  }

  #submit(order: OrderOf<'submit'>, at: number): Done | Refused {
    const { book, store, tag, policy } = this.#desk
    const { body } = order
    const item = itemTag(tag, body)
    if (store.openAbout.get({ item })) return { refused: 'already_open' }
    const id = this.#freshId()
    const command = { act: 'submit', by: actor(order, '', tag), body: { ...body, id: formatId(id), policy } } as const
    const steps = decide(command, null, at)
    if ('refused' in steps) return steps
    const blank = { id, tag: toBase64url(this.#random(16)), merchant: body.merchantId, item, head: '', chain: [] }
    const kept = this.#append(blank, steps)
    book.add(kept)
    return { id, seq: 0, replayed: false }
  }

  #act(order: Exclude<Order, OrderOf<'submit'>>, at: number): Done | Refused {
    const kept = this.#settledFor(order, at)
    if (!kept) return { refused: 'not_found' }
    if (order.expectedHead && movedSince(this.#desk.store, kept, order.expectedHead, order.by.role))
      return { refused: 'stale' }
    const command = {
      act: order.act,
      by: actor(order, kept.tag, this.#desk.tag),
      body: order.body,
      context: contextOf(this.#desk.store, order, kept),
    }
    // The order pairs each act with its body; the pairing is lost when the parts are put together again.
    const steps = decide(command as Command, kept.complaint, at)
    if ('refused' in steps) return steps
    if (!this.#itemIsFree(kept, steps)) return { refused: 'already_open' }
    const next = this.#append(kept, steps)
    this.#desk.book.save(next)
    if (order.act === 'redactions') this.#erase(next, steps)
    return { id: kept.id, seq: next.complaint.seq, replayed: false }
  }

  /** Null for what this caller may not know of; then nothing is appended to it either. */
  #settledFor({ complaint: id, by }: Order, at: number): StoredComplaint | null {
    const kept = id === null ? null : this.#desk.book.get(id)
    if (!kept || (by.merchant !== undefined && by.merchant !== kept.merchant)) return null
    return this.appendDue(kept.id, at)
  }

  /** The instants at which a complaint falls due by `now`, in order, as far as its steps can tell. */
  fallsDueAt(id: number, now: number): number[] {
    const kept = this.#desk.book.get(id)
    return kept ? [...new Set(lookAhead(kept.complaint, now).map(({ step }) => step.on))] : []
  }

  #settled(kept: StoredComplaint, at: number, until: number): StoredComplaint {
    const { id, complaint } = kept
    if (complaint.due === null || until < complaint.due) return kept
    const failed = this.#desk.store.undelivered.get({ complaint: id, stay: complaint.enteredSeq })?.count ?? 0
    const steps = dueSteps(complaint, at, failed)
    return steps.length === 0 ? kept : this.#settled(this.#append(kept, steps), at, until)
  }

  /** Writes the leaves of these steps and their messages; the complaint's row is saved once, by the caller. */
  #append(
    kept: Omit<StoredComplaint, 'complaint'> & { complaint?: Complaint },
    steps: readonly NewStep[],
  ): StoredComplaint {
    let { head, complaint } = kept
    const chain = [...kept.chain]
    for (const step of steps) {
      const after = evolve(complaint ?? null, step)
      const appended = this.#desk.writer.append(leafOf(kept.tag, head, step, after), step.content)
      chain.push(appended.idx)
      head = appended.hash
      this.#plan(kept.id, step, complaint ?? null, after)
      complaint = after
      this.#alert(kept.id, step, after.seq)
      this.#desk.hooks.plan(kept.merchant, kept.id, after.seq, step.at)
    }
    if (!complaint) throw new RangeError('no step to append')
    return { ...kept, head, chain, complaint }
  }

  #plan(complaint: number, step: NewStep, before: Complaint | null, after: Complaint): void {
    const planned = noticesFor(step, before, after)
    if (planned.length === 0) return
    const row: Record<string, string | number> = {
      complaint,
      seq: after.seq,
      stay: after.enteredSeq,
      createdAt: step.at,
    }
    planned.forEach(({ party, template, at }, i) => {
      row[`party${i}`] = party
      row[`template${i}`] = template
      row[`nextAt${i}`] = at
    })
    this.#desk.writes.addMessages(planned.length)(row)
  }

  #alert(complaint: number, step: NewStep, seq: number): void {
    const kind = alertOf(step)
    if (kind !== null) this.#desk.writes.addAlert({ complaint, seq, kind, at: step.at })
  }

  /** One open complaint for each order item (rule 12), also when one opens again. */
  #itemIsFree({ complaint, item }: StoredComplaint, steps: readonly NewStep[]): boolean {
    if (isOpen(complaint.state) || !isOpen(steps.reduce<Complaint>(evolve, complaint).state)) return true
    return this.#desk.store.openAbout.get({ item }) === undefined
  }

  #erase({ chain }: StoredComplaint, steps: readonly NewStep[]): void {
    for (const step of steps) {
      if (step.kind === 'redacted') eraseField(this.#desk.store, chain[step.p.seq] ?? -1, step.p.field)
    }
  }

  #freshId(): number {
    for (;;) {
      const id = makeId(this.#desk.shard, this.#random(5))
      if (this.#desk.book.get(id) === null) return id
    }
  }
}

/** The order's tag comes first, so that all items of an order lie side by side. */
export const orderTag = (tag: Tagger, orderId: string): string => tag('order', orderId).slice(0, 16)
const itemTag = (tag: Tagger, { orderId, item }: { orderId: string; item?: string | undefined }): string =>
  orderTag(tag, orderId) + tag('item', orderId, item ?? '').slice(0, 8)

/** Names nobody in the log: a person's tag is keyed, and bound to this complaint. */
const actor = <A extends Act>({ by }: OrderOf<A>, complaintTag: string, tag: Tagger): Actor => ({
  role: by.role,
  auto: by.automated,
  who: by.person === undefined ? null : tag('who', complaintTag, by.person),
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
  p: step.p as LeafObject,
})
