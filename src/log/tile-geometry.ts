/** Tile geometry of C2SP tlog-tiles: 256 hashes a tile, its path, and how wide it is in a tree of some size. */
import { HASH_BYTES } from './tree.ts'

export const TILE_WIDTH = 256
export const TILE_BYTES = TILE_WIDTH * HASH_BYTES

/** Hash count of a level, not counting what still lies in partial tiles below: floor(size / 256^level). */
export function hashesAt(level: number, size: number): number {
  return Math.floor(size / TILE_WIDTH ** level)
}

/** Hashes of tile `n` in a tree of this size: 0 to 256. */
export function tileWidth(level: number, n: number, size: number): number {
  return Math.max(0, Math.min(TILE_WIDTH, hashesAt(level, size) - n * TILE_WIDTH))
}

/** `x001/x234/067` for 1234067, with `.p/W` behind it for a partial tile. */
export function tilePath(n: number, width = TILE_WIDTH): string {
  let path = pad(n % 1000)
  for (let rest = Math.floor(n / 1000); rest > 0; rest = Math.floor(rest / 1000)) path = `x${pad(rest % 1000)}/${path}`
  return width === TILE_WIDTH ? path : `${path}.p/${width}`
}

/** `n` and width of a path, or null if `tilePath` would not have written it so. */
export function parseTilePath(path: string): { n: number; width: number } | null {
  const [, digits, partial] = PATH.exec(path) ?? []
  if (digits === undefined) return null
  const n = Number(digits.replaceAll(/[x/]/g, ''))
  const width = partial === undefined ? TILE_WIDTH : Number(partial)
  return width > 0 && Number.isSafeInteger(n) && tilePath(n, width) === path ? { n, width } : null
}

const PATH = /^((?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/

/** Level of a path's first part, 0 to 63, or null. */
export function parseTileLevel(text: string): number | null {
  return /^(?:[0-9]|[1-5][0-9]|6[0-3])$/.test(text) ? Number(text) : null
}

const pad = (n: number) => String(n).padStart(3, '0')
