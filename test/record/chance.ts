// Recorder, part 2: time and chance of the process, frozen and seeded. Imported before anything else.
const REAL = Date.parse('2026-03-02T02:00:00Z')

/** mulberry32: numbers from 0 to 1. */
export const seeded = (seed: number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

let random = seeded(1)
/** Of ids: a poll for something takes one, and how often it polls is a matter of time. */
let ids = seeded(2)
/** Begins the process's own chance anew: what one group of the record uses up changes no other. */
export const reseed = (seed: number): void => {
  random = seeded(seed)
  ids = seeded(seed + 1)
}

const RealDate = Date
globalThis.Date = class extends RealDate {
  constructor(...given: unknown[]) {
    super(...((given.length > 0 ? given : [REAL]) as [number]))
  }
  static override now() {
    return REAL
  }
} as DateConstructor
Math.random = () => random()
const fill = <T extends ArrayBufferView | null>(view: T): T => {
  if (view === null) return view
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
  for (let i = 0; i < bytes.length; i++) bytes[i] = Math.floor(random() * 256)
  return view
}
Object.defineProperty(crypto, 'getRandomValues', { value: fill })
Object.defineProperty(crypto, 'randomUUID', {
  value: () => {
    const hex = Array.from({ length: 32 }, () => Math.floor(ids() * 16).toString(16)).join('')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`
  },
})
