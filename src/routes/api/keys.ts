import { type Context, Hono } from 'hono'
import { DAY, isoOrNull } from '../../complaint/time.ts'
import type { KeyChange, KeyOwner, PartyKeys, SignedByKey } from '../../ledger/contract/party-keys.ts'
import { authenticate } from '../authenticate.ts'
import { readBody } from '../body.ts'
import { type Deps, registryLedger } from '../deps.ts'
import { knownQuery, parseStrictly } from '../fields.ts'
import { ledgersOf } from '../merchant-shards.ts'
import { Problem } from '../problem.ts'
import { KeySigned, NewKey } from '../schemas.ts'

/** Keys by which programs of merchants and of the platform sign what they do. */
export const keyRoutes = (deps: Deps) =>
  new Hono()
    .use(knownQuery())
    .get('/', async c => c.json(await keysOf(deps, await ownerOf(c, deps))))
    .post('/', c => add(c, deps))
    .post('/requirement', c => require(c, deps, true))
    .post('/release', c => require(c, deps, false))
    .post('/:key/retirement', c => retire(c, deps, c.req.param('key')))

const ownerOf = async (c: Context, deps: Deps): Promise<KeyOwner> => {
  const { role, merchant } = await authenticate(c, deps)
  return { role, merchant }
}

/** Where a party's keys are introduced: in each shard of the merchant, as a rule one; the platform works in each. */
export const keyLedgers = async (deps: Deps, { merchant }: KeyOwner): Promise<readonly PartyKeys[]> =>
  merchant === undefined
    ? deps.ledgers.map(({ partyKeys }) => partyKeys)
    : (await ledgersOf(deps, merchant)).map(({ partyKeys }) => partyKeys)

/** As the first of its shards has them: a key of the platform is added to each, and retired in each. */
export const keysOf = async (deps: Deps, owner: KeyOwner) => {
  const [first] = await keyLedgers(deps, owner)
  if (!first) throw new RangeError('an app needs a ledger')
  const { keys, ...list } = await first.list(owner)
  return {
    items: keys.map(({ label, addedAt, credential: _, ...key }) => ({
      ...key,
      name: label,
      addedAt: isoOrNull(addedAt),
    })),
    ...list,
  }
}

/** Rate limit: each change is a leaf of the log's own chain for good, which every start and every monitor reads. */
const CHANGES_DAILY = 60

/**
 * The same in every shard of the party; a shard that failed is made good by doing it again. Of a claim that names a log, the first
 * shard's alone: a key is retired unsigned in the others, and `require` is asked of the first.
 */
export const changeKeys = async (
  deps: Deps,
  owner: KeyOwner,
  change: (keys: PartyKeys, isFirst: boolean) => Promise<KeyChange>,
): Promise<void> => {
  const { registry } = registryLedger(deps)
  const who = `party keys ${owner.merchant ?? owner.role} ${owner.subject ?? ''}`
  if (!(await registry.recordAttempt(who, CHANGES_DAILY, DAY))) throw new Problem('too_many_attempts')
  for (const [shard, keys] of (await keyLedgers(deps, owner)).entries()) {
    const done = await change(keys, shard === 0)
    if ('refused' in done) throw new Problem(done.refused)
  }
}

export const retireKey = (deps: Deps, owner: KeyOwner, key: string, signed?: SignedByKey): Promise<void> =>
  changeKeys(deps, owner, async (keys, isFirst) => {
    const done = await keys.retire(owner, key, isFirst ? signed : undefined)
    // One from before the party came to that shard.
    return !isFirst && 'refused' in done && done.refused === 'not_found' ? { done: true } : done
  })

export const requireKeys = (deps: Deps, owner: KeyOwner, required: boolean, signed?: SignedByKey): Promise<void> =>
  changeKeys(deps, owner, async (keys, isFirst) => (isFirst ? keys.require(owner, required, signed) : { done: true }))

const add = async (c: Context, deps: Deps) => {
  const owner = await ownerOf(c, deps)
  const { name, ...key } = parseStrictly(NewKey, (await readBody(c)).value)
  await changeKeys(deps, owner, keys => keys.add(owner, { ...key, label: name }))
  return c.json(await keysOf(deps, owner), 201)
}

const retire = async (c: Context, deps: Deps, key: string) => {
  const owner = await ownerOf(c, deps)
  const { signed } = parseStrictly(KeySigned, (await readBody(c)).value)
  await retireKey(deps, owner, key, signed)
  return c.json(await keysOf(deps, owner), 201)
}

const require = async (c: Context, deps: Deps, required: boolean) => {
  const owner = await ownerOf(c, deps)
  const { signed } = parseStrictly(KeySigned, (await readBody(c)).value)
  await requireKeys(deps, owner, required, signed)
  return c.json(await keysOf(deps, owner), 201)
}
