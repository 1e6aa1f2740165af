// The server as an operator runs it: a process of its own in live mode, on one data folder, that can be killed and started again.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { makeSecrets } from '../../src/ledger/log/secrets.ts'

const ENTRY = fileURLToPath(new URL('../../src/hosts/node/main.ts', import.meta.url))
export const PLATFORM_KEY = 'key-of-the-platform-itself-0123456789'
export const LOG_ORIGIN = 't.example.cn/log/0'

/** What the process is started with; the same for each start, or it is another log. */
export const liveSettings = async (dataDir: string) => {
  const port = await freePort()
  return {
    PATH: process.env.PATH ?? '',
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? '',
    TOUSU_MODE: 'live',
    DATA_DIR: dataDir,
    PORT: `${port}`,
    BASE_URL: `http://127.0.0.1:${port}`,
    TOUSU_ORIGIN: LOG_ORIGIN,
    TOUSU_PLATFORM_KEY: PLATFORM_KEY,
    TOUSU_SECRETS: JSON.stringify(await makeSecrets()),
  }
}
export type LiveSettings = Awaited<ReturnType<typeof liveSettings>>

/** Below the ephemeral range (RFC 6335: from 49152, Linux: from 32768), or a client of another program takes it between two starts. */
const freePort = async (): Promise<number> => {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000)
    const server = createServer().listen(port, '127.0.0.1')
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    )
    if (!isFree) continue
    server.close()
    await once(server, 'close')
    return port
  }
}

/** Another program that listens on a port, once it answers `/readyz` in any way. */
export const startOn = async (run: (port: number) => ChildProcess): Promise<{ port: number; child: ChildProcess }> => {
  const port = await freePort()
  const child = run(port)
  for (let i = 0; i < 300; i++) {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null)
    await answer?.body?.cancel()
    if (answer) return { port, child }
    if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}`)
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Error('the program does not answer')
}

/** Resolves once it listens; rejects with its own words if it ends before. */
export const startServer = async (env: LiveSettings): Promise<ChildProcess> => {
  const child = spawn(process.execPath, [ENTRY], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stderr.on('data', text => {
    said += text
  })
  const ended = once(child, 'close')
  for await (const line of createInterface(child.stdout)) {
    if (!line.includes('"msg":"listens"')) continue
    child.stdout.resume()
    return child
  }
  await ended
  const { exitCode, signalCode } = child
  throw new Error(`the server ended with ${exitCode ?? signalCode}: ${said}`)
}

export const endServer = async (child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}

/** Rejects after 30 s. */
export const untilReady = async ({ BASE_URL }: LiveSettings): Promise<void> => {
  for (let i = 0; i < 300; i++) {
    const answer = await fetch(`${BASE_URL}/readyz`).catch(() => null)
    if (answer?.status === 200) return
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Error('the server is not ready')
}
