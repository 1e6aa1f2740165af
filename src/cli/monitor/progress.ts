import type { Io } from '../io.ts'

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
