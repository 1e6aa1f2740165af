// What a monitor says: which rule broke and where, and how far it has read.

import { LogError } from '../../log/error.ts'
import type { Io } from '../io.ts'

/** The first leaf that breaks a rule. `what` says which one; it quotes no person's text. */
export class Broken extends LogError {
  override name = 'Broken'
  readonly index: number
  /** Null where the leaf can't be read. */
  readonly kind: string | null

  constructor(index: number, kind: string | null, what: string) {
    super(`leaf ${index}${kind === null ? '' : ` (${kind})`}: ${what}`)
    this.index = index
    this.kind = kind
  }
}

/** A rule that is broken by no single leaf. */
export class Refusal extends LogError {
  override name = 'Refusal'
}

export const iso = (ms: number): string => {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? 'an instant beyond the calendar' : date.toISOString()
}

const WIDTH = 24
const EVERY_MS = 100

/** A bar on a terminal, and nothing anywhere else. */
export const progress = (io: Io, total: number) => {
  const began = performance.now()
  let drawn = 0
  const draw = (done: number) => {
    const part = total === 0 ? 1 : done / total
    const bar = '█'.repeat(Math.round(part * WIDTH)).padEnd(WIDTH, '░')
    const speed = Math.round((done * 1000) / Math.max(performance.now() - began, 1))
    io.err(`\r${bar} ${group(done)} of ${group(total)} leaves, ${group(speed)} a second `)
  }
  return {
    step(done: number): void {
      if (!io.tty || performance.now() - drawn < EVERY_MS) return
      drawn = performance.now()
      draw(done)
    },
    end(): void {
      if (io.tty) io.err('\r\u001b[K')
    },
  }
}

export const group = (n: number): string => n.toLocaleString('en-US')
