// A server in a process of its own, so that its CPU and the client's are counted apart.

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Probed } from './probe.ts'

const PROBE = fileURLToPath(new URL('probe.ts', import.meta.url))
const MAIN = fileURLToPath(new URL('../src/hosts/node/main.ts', import.meta.url))
const DUE = fileURLToPath(new URL('due-server.ts', import.meta.url))
const PEAK = fileURLToPath(new URL('peak-server.ts', import.meta.url))
const BARE = fileURLToPath(new URL('bare.ts', import.meta.url))

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** Microseconds of CPU in a second. */
const IDLE_CPU = 20_000

export interface Serving {
  port: number
  url: string
  /** From now on `probe` knows how long the event loop was blocked; it costs a timer of a millisecond. */
  watch(): void
  /** Starts what the server of `startDue` waits with. */
  go(): void
  probe(): Promise<Probed>
  /** Resolves once it has nothing left to do of its own: a filled house has 100,000 SMS to send. */
  idle(): Promise<void>
  stop(): Promise<void>
}

const start = async (file: string, args: string[], env: NodeJS.ProcessEnv, ready: string): Promise<Serving> => {
  const port = await freePort()
  const child = fork(file, args, {
    env: { ...process.env, ...env, PORT: String(port) },
    execArgv: ['--import', PROBE],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const url = `http://127.0.0.1:${port}`
  await answering(child, url + ready)
  const probe = async (): Promise<Probed> => {
    child.send('probe')
    const [probed] = await once(child, 'message')
    return probed
  }
  return {
    port,
    url,
    watch: () => void child.send('watch'),
    go: () => void child.send('go'),
    probe,
    idle: async () => {
      for (;;) {
        const before = await probe()
        await new Promise(resolve => setTimeout(resolve, 1000))
        if ((await probe()).cpu - before.cpu < IDLE_CPU) return
      }
    },
    stop: async () => {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}

const answering = async (child: ChildProcess, url: string): Promise<void> => {
  for (;;) {
    const answer = await fetch(url).catch(() => null)
    await answer?.arrayBuffer()
    if (answer?.ok) return
    if (child.exitCode !== null) throw new Error('the measured server ended')
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

/** The product itself, as `npm start` runs it, on the demo in this folder. */
export const startOurs = (dataDir: string): Promise<Serving> =>
  start(MAIN, [], { DATA_DIR: dataDir, BASE_URL: 'http://bench.invalid' }, '/healthz')

/** The server of `--peak`. */
export const startPeak = (dataDir: string, gatewayPort: string): Promise<Serving> =>
  start(PEAK, [dataDir, gatewayPort], {}, '/healthz')

/** The server of tick.ts, on this folder so many days later, with so many new complaints. */
export const startDue = (dataDir: string, days: number, fresh: number): Promise<Serving> =>
  start(DUE, [dataDir, String(days), String(fresh)], {}, '/healthz')

/** A bare handler that answers what this file holds (`StoredAnswer`). */
export const startBare = (file: string): Promise<Serving> => start(BARE, [file], {}, '/t/x')
