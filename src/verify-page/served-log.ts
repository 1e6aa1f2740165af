import { NotComparable } from '../log/against-log.ts'
import { Refused } from '../log/error.ts'
import { TILE_WIDTH, tilePath } from '../log/tile-geometry.ts'
import type { ServedLog } from '../log/tree-reader.ts'

/** 256 leaves of 4,096 bytes with their lengths; nothing that is asked for is larger. */
const MAX_BYTES = TILE_WIDTH * (4096 + 2)
const TRIES = 3
const WAIT_MS = 500

/** A log or a mirror under an address such as `https://…/log/0`, asked without cookies. */
export const servedLog = (address: string): ServedLog => {
  const prefix = address.trim().replace(/\/+$/, '')
  if (!/^https?:\/\//.test(prefix) || !URL.canParse(prefix)) throw new NotComparable('not the address of a log')
  return {
    checkpoint: async () => {
      const bytes = await get(`${prefix}/checkpoint`, 'no-store')
      if (bytes === null) throw new NotComparable('no log is served there')
      return new TextDecoder().decode(bytes)
    },
    tile: (level, n, width) => signed(prefix, `${level}`, n, width),
    entries: (n, width) => signed(prefix, 'entries', n, width),
  }
}

/** A partial tile may be gone once it is full (C2SP tlog-tiles); the full one begins with it. */
const signed = async (prefix: string, kind: string, n: number, width: number): Promise<Uint8Array> => {
  const paths = [tilePath(n, width), tilePath(n)].map(path => `${prefix}/tile/${kind}/${path}`)
  for (const path of width === TILE_WIDTH ? paths.slice(1) : paths) {
    const bytes = await get(path)
    if (bytes !== null) return bytes
  }
  throw new Refused(`tile/${kind}/${tilePath(n, width)} is not served: the log withholds what it signed`)
}

/** Null for 404. What may pass is tried again. */
const get = async (url: string, cache: RequestCache = 'default'): Promise<Uint8Array | null> => {
  for (let tries = 1; ; tries++) {
    const response = await fetch(url, { credentials: 'omit', referrerPolicy: 'no-referrer', cache }).catch(() => null)
    if (response?.status === 404) return null
    if (response?.status === 200) {
      const bytes = new Uint8Array(await response.arrayBuffer())
      if (bytes.length > MAX_BYTES) throw new NotComparable('an answer larger than anything a log serves')
      return bytes
    }
    const mayPass = response === null || response.status === 429 || response.status >= 500
    if (tries === TRIES || !mayPass)
      throw new NotComparable(response === null ? 'no answer' : `answered ${response.status}`)
    await new Promise(resolve => setTimeout(resolve, WAIT_MS * tries))
  }
}
