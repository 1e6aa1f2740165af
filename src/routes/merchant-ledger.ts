// The ledger of a merchant whose complaints lie in several shards: lists are merged, and what belongs to the merchant itself is
// that of its home, copied to the others after each change.

import { addCounts } from '../complaint/figures/reckon.ts'
import type { Figures } from '../ledger/contract/figures.ts'
import type { InboxItem, Ledger } from '../ledger/contract/ledger.ts'
import { ledgerOver } from '../ledger/contract/operations.ts'
import type { Outbox, WebhookStatus, Webhooks } from '../ledger/contract/outbox.ts'
import type { Team } from '../ledger/contract/team.ts'

/** The home first. What is not merged here is the home's. */
export const acrossShards = (ledgers: readonly Ledger[], merchant: string): Ledger => {
  const [home, ...others] = ledgers
  if (!home) throw new RangeError('a merchant has a home')
  const all = <T>(ask: (ledger: Ledger) => Promise<T>) => Promise.all(ledgers.map(ask))
  const copied = async <T>(done: T): Promise<T> => {
    await copyBelongings(home, others, merchant)
    return done
  }
  type Operations = Record<string, (...args: unknown[]) => Promise<unknown>>
  const base = ledgerOver(
    // Cast: `ledgerOver` calls what the contracts name.
    (contract, name, args) =>
      ((contract === undefined ? home : home[contract]) as unknown as Operations)[name]!(...args),
    async () => undefined,
  )
  const webhooks: Webhooks = {
    ...base.webhooks,
    list: async () => (await all(ledger => ledger.webhooks.list(merchant))).reduce(mergeHooks),
    add: async (_, url) => copied(await home.webhooks.add(merchant, url)),
    remove: async (_, id) => copied(await home.webhooks.remove(merchant, id)),
    rotate: async (_, id) => copied(await home.webhooks.rotate(merchant, id)),
    enable: async (_, id) => (await all(ledger => ledger.webhooks.enable(merchant, id))).includes(true),
    // The number of a delivery tells its shard.
    deliveries: async (_, id, limit) =>
      (await all(ledger => ledger.webhooks.deliveries(merchant, id, limit)))
        .flatMap((list, i) => list.map(each => ({ ...each, id: each.id * ledgers.length + i })))
        .sort((a, b) => b.createdAt - a.createdAt || b.id - a.id)
        .slice(0, limit),
    resend: async (_, id, delivery) => {
      const ledger = ledgers[delivery % ledgers.length]
      return ledger?.webhooks.resend(merchant, id, Math.floor(delivery / ledgers.length)) ?? false
    },
  }
  const outbox: Outbox = {
    ...base.outbox,
    setContact: async (party, phone) => copied(await home.outbox.setContact(party, phone)),
    confirmContact: async (party, code) => copied(await home.outbox.confirmContact(party, code)),
  }
  const team: Team = {
    ...base.team,
    assignees: async (of, ids) => (await all(ledger => ledger.team.assignees(of, ids))).flat(),
  }
  const figures: Figures = {
    ...base.figures,
    days: async (of, days) =>
      (await all(ledger => ledger.figures.days(of, days))).reduce((a, b) => ({
        whole: a.whole && b.whole,
        days: [...a.days, ...b.days],
        before: addCounts({ ...a.before }, b.before),
      })),
  }
  return {
    ...base,
    inbox: async query => (await all(ledger => ledger.inbox(query))).flat().sort(inOrder).slice(0, query.limit),
    inboxCount: async query => sum(await all(ledger => ledger.inboxCount(query))),
    tally: async query => {
      const tallies = await all(ledger => ledger.tally(query))
      return { open: tallies.flatMap(({ open }) => open), closed: sum(tallies.map(({ closed }) => closed)) }
    },
    figures,
    webhooks,
    outbox,
    team,
  }
}

/** Endpoints, and the phone of reminders. */
export const copyBelongings = async (home: Ledger, others: readonly Ledger[], merchant: string): Promise<void> => {
  const party = `merchant:${merchant}`
  const [hooks, phone] = await Promise.all([home.webhooks.list(merchant), home.outbox.contact(party)])
  for (const other of others) {
    await other.webhooks.copy(merchant, hooks)
    if ((await other.outbox.contact(party)) !== phone) await other.outbox.setContact(party, phone)
  }
}

/** Soonest due first; closed ones, listed apart, newest first. */
export const inOrder = (a: InboxItem, b: InboxItem): number =>
  a.due !== null && b.due !== null ? a.due - b.due || a.id - b.id : (b.closedAt ?? 0) - (a.closedAt ?? 0) || b.id - a.id

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0)

/** An endpoint as its worst shard has it. */
const mergeHooks = (home: WebhookStatus[], other: WebhookStatus[]): WebhookStatus[] =>
  home.map(hook => {
    const same = other.find(({ id }) => id === hook.id)
    if (!same) return hook
    const [worse, better] = RANK.indexOf(same.status) > RANK.indexOf(hook.status) ? [same, hook] : [hook, same]
    return {
      ...worse,
      generation: hook.generation,
      rotatedAt: hook.rotatedAt,
      failures: worse.failures + better.failures,
    }
  })
const RANK: readonly WebhookStatus['status'][] = ['untried', 'working', 'failing', 'disabled']
