// Where a merchant's complaints lie: its home shard, for good, and another one for new complaints once that is closed for them
// (CLOSED_SHARDS). Endpoints and contact are those of the home, copied to the others, so that each shard raises its own events.

import type { Done, Ledger, OrderOf, Refused } from '../ledger/contract/ledger.ts'
import { type Deps, registryLedger } from './deps.ts'

interface Place {
  /** The home first. */
  shards: readonly number[]
  /** Where a new complaint goes. */
  target: number
}

/** A process asks the registry once for each merchant: under the same settings a place does not change. */
const places = new WeakMap<readonly Ledger[], Map<string, Place>>()
const MAX_PLACES = 10_000

/** A merchant's ledger: one shard as a rule, or several as one (`merchant-ledger.ts`). */
export const ledgerForMerchant = async (deps: Deps, merchantId: string): Promise<Ledger> => {
  const ledgers = await ledgersOf(deps, merchantId)
  const [home] = ledgers
  if (home && ledgers.length === 1) return home
  const { acrossShards } = await import('./merchant-ledger.ts')
  return acrossShards(ledgers, merchantId)
}

/** The home first. */
export const ledgersOf = async (deps: Deps, merchantId: string): Promise<Ledger[]> =>
  (await placeOf(deps, merchantId)).shards.map(shard => ledgerAt(deps, shard))

/** Where a new complaint of theirs goes. */
export const ledgerForNew = async (deps: Deps, merchantId: string): Promise<Ledger> =>
  ledgerAt(deps, (await placeOf(deps, merchantId)).target)

/** Hands a complaint in at an open shard. One that another of the merchant's shards answered before, or has open, is not handed in again. */
export const submitTo = async (
  deps: Deps,
  order: OrderOf<'submit'>,
): Promise<{ ledger: Ledger; done: Done | Refused }> => {
  const { shards, target } = await placeOf(deps, order.body.merchantId)
  const others = shards.filter(shard => shard !== target).map(shard => ledgerAt(deps, shard))
  for (const ledger of others) {
    const before = await ledger.answered(order)
    if (before) return { ledger, done: before }
  }
  const ledger = ledgerAt(deps, target)
  return { ledger, done: await ledger.execute(order) }
}

const ledgerAt = ({ ledgers }: Deps, shard: number): Ledger => {
  const ledger = ledgers[shard]
  if (!ledger) throw new RangeError('SHARDS was lowered')
  return ledger
}

const placeOf = async (deps: Deps, merchantId: string): Promise<Place> => {
  const { ledgers } = deps
  if (ledgers.length === 1) return { shards: [0], target: 0 }
  const known = places.get(ledgers) ?? new Map<string, Place>()
  places.set(ledgers, known)
  const cached = known.get(merchantId)
  if (cached) return cached
  const { isKept, ...place } = await findPlace(deps, merchantId)
  if (!isKept) return place
  if (known.size >= MAX_PLACES) known.clear()
  known.set(merchantId, place)
  return place
}

/** A registry that takes no writes holds up no other shard: without a row the merchant is looked for again next time. */
const findPlace = async (deps: Deps, merchantId: string): Promise<Place & { isKept: boolean }> => {
  const { registry } = registryLedger(deps)
  const add = (shard: number) => registry.addShard(merchantId, shard).catch(() => null)
  let shards = await registry.shardsOf(merchantId)
  if (shards.length === 0) {
    const home = await findHome(deps, merchantId)
    const added = await add(home)
    if (!added) return { shards: [home], target: home, isKept: false }
    shards = added
  }
  const open = shards.find(shard => !isClosed(deps, shard))
  if (open !== undefined) {
    await copyTo(deps, merchantId, shards)
    return { shards, target: open, isKept: true }
  }
  const [home = 0] = shards
  // What a merchant signs, and that it must, stands in the log of its home.
  const owner = { role: 'merchant', merchant: merchantId } as const
  const { keys } = await ledgerAt(deps, home).partyKeys.list(owner)
  if (keys.some(({ retired }) => !retired)) return { shards, target: home, isKept: true }
  const next = shardForNew(deps, merchantId)
  // Before any complaint can lie there.
  await copyTo(deps, merchantId, [home, next])
  const added = await add(next)
  return added ? { shards: added, target: next, isKept: true } : { shards, target: home, isKept: false }
}

/** Endpoints and contact. Also when a process first meets the merchant: one with older settings may have changed the home's alone. */
const copyTo = async (deps: Deps, merchantId: string, [home = 0, ...others]: readonly number[]): Promise<void> => {
  if (others.length === 0) return
  const { copyBelongings } = await import('./merchant-ledger.ts')
  await copyBelongings(
    ledgerAt(deps, home),
    others.map(shard => ledgerAt(deps, shard)),
    merchantId,
  )
}

const isClosed = ({ closedShards = [] }: Deps, shard: number): boolean => closedShards.includes(shard)

/** A merchant from before there were rows is looked for in every shard once. */
const findHome = async (deps: Deps, merchantId: string): Promise<number> => {
  const holding = (await Promise.all(deps.ledgers.map(ledger => ledger.holds(merchantId)))).indexOf(true)
  return holding < 0 ? shardForNew(deps, merchantId) : holding
}

/** Where a new merchant goes: one of the open shards, always the same one. */
const shardForNew = (deps: Deps, merchantId: string): number => {
  const open = [...deps.ledgers.keys()].filter(shard => !isClosed(deps, shard))
  let hash = 0
  for (const character of merchantId) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0
  return open[hash % open.length] ?? 0
}
