import { formatVerifierKey } from '../../log/note.ts'
import { frameBundle, hashesAt, type ReadTile, TILE_WIDTH } from '../../log/tiles.ts'
import { HASH_BYTES } from '../../log/tree.ts'
import { formatPolicy, type TrustPolicy } from '../../log/trust.ts'
import type { Clock } from '../clock.ts'
import type { LogIdentity, PublishedLog } from '../contract/published-log.ts'
import type { Store } from '../storage/queries.ts'
import type { KeyRing } from './key-ring.ts'
import { type LogWriter, readFullTile } from './log-writer.ts'
import { adoptionOf } from './policies.ts'
import type { Signer } from './signer.ts'
import type { Cosignatures } from './witnesses.ts'

/** Reads any tile of the committed tree: full ones from the database, the right edge from memory. */
export const tileReader =
  (store: Store, { frontier }: LogWriter): ReadTile =>
  (level, n, width) => {
    const full = hashesAt(level + 1, frontier.size)
    const tile = n < full ? readFullTile(store, level, n) : frontier.partial(level)
    return tile.subarray(0, width * HASH_BYTES)
  }

/** Of time stamps in one answer: six weeks of them. */
const LISTED = 1000

interface LogSource {
  store: Store
  signer: Signer
  readTile: ReadTile
  origin: string
  keys: KeyRing
  cosignatures: Cosignatures
  /** The witnesses and their quorum. */
  witnesses: TrustPolicy
  clock: Clock
}

/** The public part of the log (C2SP tlog-tiles), and nothing beyond the published size. */
export const publishedLog = (source: LogSource): PublishedLog => {
  const { store, origin, signer, readTile, cosignatures, clock } = source
  const size = () => signer.published?.size ?? 0
  const fits = (level: number, n: number, width: number) =>
    [level, n, width].every(Number.isSafeInteger) &&
    level >= 0 &&
    n >= 0 &&
    width >= 1 &&
    width <= TILE_WIDTH &&
    n * TILE_WIDTH + width <= hashesAt(level, size())
  return {
    identity: async () => identityOf(source),
    checkpoint: async () => {
      await signer.settled()
      return cosignatures.served(clock.now())?.note ?? null
    },
    tile: async (level, n, width) => (fits(level, n, width) ? readTile(level, n, width) : null),
    policy: async hash => store.policies.all().find(row => row.hash === hash)?.document ?? null,
    timeStamps: async after => store.timeStampSizes.all({ origin, after, limit: LISTED }).map(({ size }) => size),
    timeStamp: async size => {
      const found = Number.isSafeInteger(size) ? store.timeStamp.get({ origin, size }) : undefined
      return found ? { checkpoint: found.note, reply: found.reply } : null
    },
    rule: async digest => adoptionOf(store, digest)?.document ?? null,
    entries: async (n, width) => {
      if (!fits(0, n, width)) return null
      const from = n * TILE_WIDTH
      const { bytes, lengths } = store.leavesSpaced.get({ from, to: from + width }) ?? {}
      return bytes && lengths ? frameBundle(bytes, lengths.split(',').map(Number)) : null
    },
  }
}

const identityOf = ({ origin, keys, witnesses }: LogSource): LogIdentity => {
  const [newest, ...previous] = keys.verifierKeys
  if (!newest) throw new RangeError('a log has a key')
  return {
    origin,
    verifierKey: formatVerifierKey(newest),
    jwks: {
      keys: keys.jwks.map(({ kid, x }) => ({ kty: 'OKP', crv: 'Ed25519', x, kid, alg: 'Ed25519', use: 'sig' })),
    },
    policy: formatPolicy({ ...witnesses, logs: [newest, ...previous, ...keys.predecessors].map(key => ({ key })) }),
  }
}
