// What this process measures of itself, for `/metrics`.

import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { HttpBindings } from '@hono/node-server'
import type { ServerProcess } from '../../routes/deps.ts'
import { RequestTimes } from '../../routes/observe.ts'

const RESOLUTION_MS = 20
/** The longest stall is kept for these many periods, so that no scraper misses it, nor takes it from another. */
const PERIODS = 4
const PERIOD_MS = 15_000

export const watchProcess = (): ServerProcess & { stop(): void } => {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delays.enable()
  const longest: number[] = []
  const period = setInterval(() => {
    longest.unshift(delays.max)
    longest.length = Math.min(longest.length, PERIODS)
    delays.reset()
  }, PERIOD_MS).unref()
  return {
    requests: new RequestTimes(),
    // The histogram holds nanoseconds between two timers, the wanted time included.
    eventLoopLag: () => Math.max(0, Math.max(delays.max, ...longest) / 1e9 - RESOLUTION_MS / 1000),
    isLoopback,
    stop: () => {
      clearInterval(period)
      delays.disable()
    },
  }
}

/** By the address of the socket; false for a request that came over none. */
const isLoopback = (env: unknown): boolean => {
  // Cast: the adapter's environment; each part is looked for.
  const { incoming } = (env ?? {}) as Partial<HttpBindings>
  return /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/.test(incoming?.socket.remoteAddress ?? '')
}
