// A house of several processes on a commit log that are killed and stopped, with all that they acknowledged and published; a
// witness cosigns, and a monitor with a memory replays the log, throughout.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { newSecretKey, readSecretKey } from '../../../../src/cli/keys.ts'
import { main } from '../../../../src/cli/tousu.ts'
import { addCheckpoint, Memory, witnessServer } from '../../../../src/cli/witness.ts'
import type { Done } from '../../../../src/ledger/contract/ledger.ts'
import { makeSecrets, type SecretsFile } from '../../../../src/ledger/log/secrets.ts'
import { fromBase64url } from '../../../../src/log/encoding.ts'
import { COSIGNATURE_V1, formatVerifierKey, verifierKey } from '../../../../src/log/note.ts'

const NODE = fileURLToPath(new URL('../../../../node_modules/.bin/node', import.meta.url))
const SCRIPT = fileURLToPath(new URL('./member.ts', import.meta.url))

export interface MemberSettings {
  url: string
  house: string
  secrets: SecretsFile
  folder: string
  files: string
  port: number
  leaseMs: number
  witnesses: string
}

interface TownOptions {
  house: string
  /** Of the commit log. */
  url: string
  leaseMs: number
}

export interface Member {
  child: ChildProcess
  port: number
}

export class Town {
  readonly house: string
  readonly secrets: SecretsFile
  readonly acknowledged: Done[] = []
  readonly notes = new Set<string>()
  /** Process ids, as they began to lead. */
  readonly leaders: number[] = []
  /**
   * What the monitor found since it first saw a quorum: an unbroken log, no answer, a log that has just started and waits for its
   * witness, or what no log may do.
   */
  readonly monitored = { whole: 0, silent: 0, waiting: 0, broken: [] as string[] }
  readonly folder: string
  readonly #options: TownOptions
  readonly #members = new Set<Member>()
  readonly #witness: Awaited<ReturnType<typeof startWitness>>
  readonly #watching: Promise<void>
  #stopped = false
  #made = 0

  private constructor(
    options: TownOptions,
    secrets: SecretsFile,
    witness: Awaited<ReturnType<typeof startWitness>>,
    folder: string,
  ) {
    this.#options = options
    this.house = options.house
    this.secrets = secrets
    this.#witness = witness
    this.folder = folder
    const trust = `log ${formatVerifierKey(logKey(options.house, secrets))}\n${witness.policy}`
    writeFileSync(join(folder, 'trust.txt'), trust)
    this.#watching = this.#watch()
  }

  static async open(options: TownOptions): Promise<Town> {
    const [secrets, folder] = [await makeSecrets(), mkdtempSync(join(tmpdir(), 'tousu-town-'))]
    return new Town(options, secrets, await startWitness(logKey(options.house, secrets), folder), folder)
  }

  async start(): Promise<Member> {
    const { url, leaseMs } = this.#options
    const { house, secrets, folder } = this
    const port = await freePort()
    const settings: MemberSettings = {
      ...{ url, leaseMs, house, secrets, port, witnesses: this.#witness.policy },
      folder: join(folder, `member${this.#made++}`),
      files: join(folder, 'files'),
    }
    const child = spawn(NODE, [SCRIPT, JSON.stringify(settings)], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
    const member = { child, port }
    this.#members.add(member)
    // The fourth of `stdio` above is a pipe.
    createInterface(child.stdio[3] as Readable).on('line', text => {
      const line: { done?: Done; note?: string; leads?: number } = JSON.parse(text)
      if (line.done) this.acknowledged.push(line.done)
      if (line.note) this.notes.add(line.note)
      if (line.leads) this.leaders.push(line.leads)
    })
    return member
  }

  /** SIGKILL. */
  async kill({ child }: Member): Promise<void> {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    for (const each of this.#members) if (each.child === child) this.#members.delete(each)
  }

  /** Every process is dead, the monitor has looked once more where one was alive, and the witness is still. */
  async end(): Promise<void> {
    this.#stopped = true
    await this.#watching
    for (const member of [...this.#members]) await this.kill(member)
    this.#witness.close()
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  async #watch(): Promise<void> {
    for (let begun = false; !this.#stopped; ) {
      const out: string[] = []
      const io = { out: (line: string) => void out.push(line), err: () => undefined, tty: false, now: Date.now }
      const files = ['--policy', join(this.folder, 'trust.txt'), '--state', join(this.folder, 'state')]
      const code = await main(['monitor', 'http://town.invalid/log/0', ...files], { ...io, fetch: this.#fetch })
      begun ||= code === 0
      if (begun && code === 0) this.monitored.whole++
      else if (begun && code === 2) this.monitored.silent++
      else if (begun) this.#judge(out.filter(line => line.startsWith('✗')))
      await new Promise(resolve => setTimeout(resolve, 200))
    }
  }

  #judge(refusals: readonly string[]): void {
    const [first = 'nothing said why'] = refusals
    if (refusals.length === 1 && first.startsWith("✗ witnesses: the policy's quorum is not met"))
      this.monitored.waiting++
    else this.monitored.broken.push(refusals.join('\n'))
  }

  /** As a proxy does: the next process where one does not answer. */
  readonly #fetch = async (url: string): Promise<Response> => {
    const { pathname } = new URL(url)
    for (const { port } of this.#members) {
      try {
        const signal = AbortSignal.timeout(5_000)
        const response = await fetch(`http://127.0.0.1:${port}${pathname}`, { signal })
        if (response.status < 500) return response
      } catch {
        // Dead, or stopped.
      }
    }
    throw new TypeError('fetch failed')
  }
}

const logKey = (house: string, secrets: SecretsFile) => verifierKey(house, fromBase64url(secrets.note.x))

/** The real witness of `tousu witness`, in this process. */
const startWitness = async (log: ReturnType<typeof logKey>, folder: string) => {
  const key = await readSecretKey((await newSecretKey('witness.example/w1', COSIGNATURE_V1)).text, COSIGNATURE_V1)
  if (!key) throw new Error('no key')
  const memory = Memory.open(join(folder, 'witness'))
  const server = witnessServer(body => addCheckpoint(body, { key, logs: [log], memory, now: Date.now }))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const policy = `witness w1 ${formatVerifierKey(key.vkey)} http://127.0.0.1:${port}\nquorum w1\n`
  return { policy, close: () => void server.close() }
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
