import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import document from '../../db/policies/cn-2026-1.json' with { type: 'json' }
import { newSecretKey, readSecretKey, type SecretKey } from '../../src/cli/keys.ts'
import { type Answer, addCheckpoint, Memory } from '../../src/cli/witness.ts'
import { createDeps } from '../../src/hosts/create-deps.ts'
import { folderStore } from '../../src/hosts/node/file-store.ts'
import { openNodeHost } from '../../src/hosts/node/sqlite.ts'
import { systemClock } from '../../src/ledger/clock.ts'
import { LocalLedger } from '../../src/ledger/local-ledger.ts'
import { readSecrets } from '../../src/ledger/log/secrets.ts'
import { fromBase64url } from '../../src/log/encoding.ts'
import { COSIGNATURE_V1, formatVerifierKey, type VerifierKey, verifierKey } from '../../src/log/note.ts'
import { verifyReceipt } from '../../src/log/verify.ts'
import { createApp } from '../../src/routes/app.ts'
import { START } from '../ledger/fixture.ts'
import { newFolder, newSecrets, ORIGIN } from '../ledger/node-host.ts'
import { newFile, type Secrets } from './keys.ts'

/** As one whose time is up, only sooner. */
const SILENT = () => new Promise<Answer>((_, reject) => setTimeout(reject, 20, new Error('time is up')))
const DEAD = () => Promise.reject(new TypeError('fetch failed'))

/** The real witness of `tousu witness`, with a mood. */
class WitnessPeer {
  readonly name: string
  readonly key: SecretKey
  readonly bodies: string[] = []
  /** Answers in its place. */
  instead: ((body: string) => Promise<Answer>) | null = null
  readonly #memory: Memory
  readonly #town: WitnessFixture

  private constructor(name: string, key: SecretKey, town: WitnessFixture) {
    this.name = name
    this.key = key
    this.#town = town
    this.#memory = Memory.open(join(town.folder, `${name}.memory`))
  }

  static async start(name: string, town: WitnessFixture): Promise<WitnessPeer> {
    const { text } = await newSecretKey(`${name}.example/w1`, COSIGNATURE_V1)
    const key = await readSecretKey(text, COSIGNATURE_V1)
    if (!key) throw new Error('no key')
    return new WitnessPeer(name, key, town)
  }

  get url(): string {
    return `https://${this.name}.example/submit`
  }

  get line(): string {
    return `witness ${this.name} ${formatVerifierKey(this.key.vkey)} ${this.url}`
  }

  /** Leaves that it has seen. */
  get size(): number {
    return this.#memory.last(ORIGIN).size
  }

  silent(): void {
    this.instead = SILENT
  }
  dead(): void {
    this.instead = DEAD
  }
  well(): void {
    this.instead = null
  }

  answer(body: string): Promise<Answer> {
    this.bodies.push(body)
    return this.instead ? this.instead(body) : this.honestly(body)
  }

  honestly(body: string): Promise<Answer> {
    const { logKeys, now } = this.#town
    return addCheckpoint(body, { key: this.key, logs: logKeys, memory: this.#memory, now: () => now })
  }

  forget(): void {
    this.#memory.close()
  }
}

interface Settings {
  quorum?: 'all' | 'any' | 'none'
  witnesses?: 0 | 1 | 2
}

/** A log, those who watch it, and a clock that stands still until it is set. */
export class WitnessFixture {
  readonly folder = newFolder()
  readonly neighbours: WitnessPeer[] = []
  secrets: Secrets
  now = START
  /** What every witness trusts. */
  logKeys: VerifierKey[] = []
  policy: unknown = document
  #settings: Settings
  #opened: { ledger: LocalLedger; host: ReturnType<typeof openNodeHost> } | null = null

  private constructor(secrets: Secrets, settings: Settings) {
    this.secrets = secrets
    this.#settings = settings
  }

  static async found(settings: Settings = {}): Promise<WitnessFixture> {
    const town = new WitnessFixture(await newFile(), settings)
    onTestFinished(() => town.end())
    town.trustKeys()
    for (const name of ['association', 'university']) town.neighbours.push(await WitnessPeer.start(name, town))
    await town.start()
    return town
  }

  get ledger(): LocalLedger {
    if (!this.#opened) throw new Error('the log is closed')
    return this.#opened.ledger
  }

  get sqlite() {
    if (!this.#opened) throw new Error('the log is closed')
    return this.#opened.host.sqlite
  }

  get one(): WitnessPeer {
    return this.neighbours[0]!
  }
  get two(): WitnessPeer {
    return this.neighbours[1]!
  }

  /** The witnesses learn which keys speak for the log now. */
  trustKeys(): void {
    this.logKeys = [this.secrets.note].flat().map(({ x }) => verifierKey(ORIGIN, fromBase64url(x)))
  }

  get witnesses(): string | undefined {
    const { quorum = 'all', witnesses = 2 } = this.#settings
    const asked = this.neighbours.slice(0, witnesses)
    if (asked.length === 0) return undefined
    const group = quorum === 'none' ? [] : [`group both ${quorum} ${asked.map(({ name }) => name).join(' ')}`]
    return [...asked.map(({ line }) => line), ...group, `quorum ${quorum === 'none' ? 'none' : 'both'}`, ''].join('\n')
  }

  async start(changes: Settings = {}): Promise<void> {
    this.#settings = { ...this.#settings, ...changes }
    const host = openNodeHost(this.folder)
    try {
      const ledger = new LocalLedger({
        host,
        secrets: await readSecrets(this.secrets),
        policy: this.policy,
        origin: ORIGIN,
        clock: { now: () => this.now },
        signEveryMs: 0,
        witnesses: this.witnesses,
        fetch: (url, init) => this.#carry(url, String(init.body)),
        witnessEveryMs: 0,
        // A witness on a busy machine is not silent yet.
        witnessTimeoutMs: 5000,
      })
      this.#opened = { ledger, host }
    } catch (error) {
      host.close()
      throw error
    }
  }

  async stop(): Promise<void> {
    const opened = this.#opened
    this.#opened = null
    await opened?.ledger.close()
  }

  async restart(changes: Settings = {}): Promise<void> {
    await this.stop()
    await this.start(changes)
  }

  async end(): Promise<void> {
    await this.stop()
    for (const neighbour of this.neighbours) neighbour.forget()
  }

  /** Not before those who are asked now had their time. */
  async later(ms: number): Promise<void> {
    await this.ledger.asked()
    this.now += ms
    await this.ledger.tick()
  }

  async #carry(url: string, body: string): Promise<Response> {
    const neighbour = this.neighbours.find(each => url === `${each.url}/add-checkpoint`)
    if (!neighbour) throw new TypeError('no such address')
    const { status, body: answer, type } = await neighbour.answer(body)
    return new Response(answer, { status, headers: { 'Content-Type': type } })
  }

  // The database and its backup; what is kept beside it is lost with it.

  async backUp(): Promise<void> {
    await this.stop()
    copyFileSync(join(this.folder, 'ledger.db'), join(this.folder, 'backup.db'))
    await this.start()
  }

  async restore(): Promise<void> {
    await this.stop()
    copyFileSync(join(this.folder, 'backup.db'), join(this.folder, 'ledger.db'))
    rmSync(join(this.folder, 'last-checkpoint'))
  }

  // What is expected of it.

  async isWritable(): Promise<void> {
    await expect.poll(() => this.ledger.readOnly()).toBeNull()
  }

  async isReadOnly(reason: RegExp): Promise<void> {
    await expect.poll(() => this.ledger.readOnly()).toMatch(reason)
  }

  /** How many have seen the newest step. */
  async witnessed(id: number, count: number): Promise<void> {
    await expect.poll(async () => (await this.ledger.head(id))?.witnessed).toBe(count)
  }

  async trustPolicy(): Promise<string> {
    return (await this.ledger.log.identity()).policy
  }

  async receipt(id: number) {
    const receipt = await this.ledger.receipt(id, 'buyer')
    if (!receipt) throw new Error('no receipt')
    return receipt
  }

  /** Names of the checks that fail, by this policy or the one that is served. */
  async failures(receipt: unknown, policy?: string): Promise<string[]> {
    const { checks } = await verifyReceipt(JSON.parse(JSON.stringify(receipt)), policy ?? (await this.trustPolicy()))
    return checks.filter(({ ok }) => !ok).map(({ name }) => name)
  }
}

/** The server's app over a ledger. */
export const appOver = async (ledger: LocalLedger) => {
  const parts = { ledgers: [ledger], files: folderStore(newFolder()), clock: systemClock, uploadBytes: 1 }
  const settings = { demo: true, baseUrl: 'https://t.tousu.example', secrets: await newSecrets(), policy: document }
  return createApp(createDeps(parts, settings))
}
