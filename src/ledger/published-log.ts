import { concat, fromBase64url } from '../log/encoding.ts'
import { formatVerifierKey, type VerifierKey } from '../log/note.ts'
import { statementKid } from '../log/statement.ts'
import { hashesAt, type ReadTile, TILE_WIDTH } from '../log/tiles.ts'
import { HASH_BYTES } from '../log/tree.ts'
import { type LogWriter, readFullTile } from './log-writer.ts'
import type { PublishedLog } from './port.ts'
import type { SigningKey } from './secrets.ts'
import type { Signer } from './signer.ts'
import type { Store } from './store.ts'

/** Reads any tile of the committed tree: full ones from the database, the right edge from memory. */
export const tileReader =
  (store: Store, { frontier }: LogWriter): ReadTile =>
  (level, n, width) => {
    const full = hashesAt(level + 1, frontier.size)
    const tile = n < full ? readFullTile(store, level, n) : frontier.partial(level)
    return tile.subarray(0, width * HASH_BYTES)
  }

export interface LogSource {
  store: Store
  signer: Signer
  readTile: ReadTile
  origin: string
  key: VerifierKey
  statementKey: SigningKey
}

/** What anybody may read of the log (C2SP tlog-tiles), and nothing beyond the published size. */
export const publishedLog = ({ store, signer, readTile, origin, key, statementKey }: LogSource): PublishedLog => {
  const size = () => signer.published?.size ?? 0
  const fits = (level: number, n: number, width: number) =>
    [level, n, width].every(Number.isSafeInteger) &&
    level >= 0 &&
    n >= 0 &&
    width >= 1 &&
    width <= TILE_WIDTH &&
    n * TILE_WIDTH + width <= hashesAt(level, size())
  const { x } = statementKey
  return {
    identity: async () => ({
      origin,
      verifierKey: formatVerifierKey(key),
      jwks: { keys: [{ kty: 'OKP', crv: 'Ed25519', x, kid: statementKid(x), alg: 'Ed25519', use: 'sig' }] },
    }),
    checkpoint: async () => signer.published?.note ?? null,
    tile: async (level, n, width) => (fits(level, n, width) ? readTile(level, n, width) : null),
    entries: async (n, width) => {
      if (!fits(0, n, width)) return null
      const from = n * TILE_WIDTH
      return concat(...store.leafRange.all({ from, to: from + width }).flatMap(({ bytes }) => [lengthOf(bytes), bytes]))
    },
  }
}

const lengthOf = (bytes: Uint8Array): Uint8Array => Uint8Array.of(bytes.length >> 8, bytes.length & 255)

export const publicBytes = (key: SigningKey): Uint8Array => fromBase64url(key.x)
