import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Io } from '../../src/cli/io.ts'
import { main } from '../../src/cli/tousu.ts'
import { advanceClock } from '../../src/demo/replay.ts'
import { createServer, type Server } from '../../src/hosts/node/server.ts'
import { DemoClock } from '../../src/ledger/clock.ts'
import { makeSecrets, readSecrets, type SecretsFile } from '../../src/ledger/log/secrets.ts'
import { parseId } from '../../src/link/id.ts'
import type { Receipt } from '../../src/log/receipt.ts'
import { hashKey } from '../../src/routes/authenticate.ts'

const START = Date.parse('2026-03-02T02:00:00Z')
export const HOUR = 3_600_000
const BASE = 'http://log.test'
const KEYS = {
  platform: 'key-of-the-platform-000',
  supervisor: 'key-of-a-supervisor-000',
  merchant: 'key-of-merchant-m1-000',
}
type Fetch = (url: string, init?: RequestInit) => Promise<Response>

interface Options {
  origin?: string
  policy?: unknown
  tsa?: string
}

export interface Filed {
  id: string
  room: string
  receipt: Receipt
  /** What the submitter was given at once. */
  promise: string
  fingerprint: string
}

/** A tiny real house in a folder, and beside it a desk of somebody who does not trust it. */
export class LogServer {
  readonly folder = mkdtempSync(join(tmpdir(), 'tousu-cli-'))
  readonly clock: DemoClock
  readonly secrets: SecretsFile
  readonly url = `${BASE}/log/0`
  /** What the outside sees: an attack on the way replaces it. */
  fetch: Fetch = (url, init) => this.ask(url, init)
  /** The origin of a log that is begun. */
  renamed = 'log.test/0'
  #house: Server | null = null
  #orders = 0
  readonly #filed: number[] = []

  readonly #options: Options

  private constructor(secrets: SecretsFile, { now = START, ...options }: Options & { now?: number }) {
    this.clock = new DemoClock(now)
    this.secrets = secrets
    this.#options = options
  }

  static async open(options: Options & { now?: number } = {}): Promise<LogServer> {
    const house = new LogServer(await makeSecrets(), options)
    await house.start()
    house.write('trust.txt', await (await house.ask(`${house.url}/policy`)).text())
    return house
  }

  async start(): Promise<void> {
    const secrets = await readSecrets(this.secrets)
    const provider = { name: 'gateway' as const, send: async () => ({ status: 'accepted' as const }) }
    const options = {
      dataDir: this.file('data'),
      baseUrl: BASE,
      origin: this.renamed,
      signEveryMs: 0,
      ...this.#options,
    }
    this.#house = createServer({ ...options, secrets, provider, clock: this.clock })
    const { ledger } = this.#house
    await ledger.registry.addCredential(hashKey(KEYS.platform), { role: 'platform', name: 'platform' })
    await ledger.registry.addCredential(hashKey(KEYS.supervisor), { role: 'supervisor', name: 'supervisor' })
    await ledger.registry.addCredential(hashKey(KEYS.merchant), { role: 'merchant', merchant: 'm1', name: 'm1' })
    for (let tries = 0; (await this.ask(`${this.url}/checkpoint`)).status !== 200; tries++) {
      if (tries === 100) throw new Error('no checkpoint was signed')
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  }

  get house(): Server {
    if (!this.#house) throw new Error('the house is closed')
    return this.#house
  }

  ask(url: string, init?: RequestInit): Promise<Response> {
    return Promise.resolve(this.house.app.request(url.replace(BASE, ''), init))
  }

  async stop(): Promise<void> {
    await this.#house?.close()
    this.#house = null
  }

  async close(): Promise<void> {
    await this.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }

  file(name: string): string {
    return join(this.folder, name)
  }

  write(name: string, content: unknown): string {
    writeFileSync(this.file(name), typeof content === 'string' ? content : JSON.stringify(content))
    return this.file(name)
  }

  read(name: string): string {
    return readFileSync(this.file(name), 'utf8')
  }

  /** The operator edits the database behind the house's back: no trigger is in the way, nor the note beside it. */
  async edit(change: (db: Database.Database) => void): Promise<void> {
    await this.stop()
    rmSync(this.file('data/last-checkpoint'), { force: true })
    const db = new Database(this.file('data/ledger.db'))
    const triggers = db.prepare<[], { name: string }>("select name from sqlite_master where type = 'trigger'").all()
    for (const { name } of triggers) db.exec(`drop trigger ${name}`)
    change(db)
    db.close()
    await this.start()
  }

  /** What is appended is published before more time passes: no log takes hours to sign. */
  async later(hours: number): Promise<void> {
    await this.published()
    await advanceClock(this.clock, this.house.scheduler, this.clock.now() + hours * HOUR)
    await this.published()
  }

  /** Until the newest checkpoint covers every leaf. A log that can sign no more goes on after two seconds. */
  async published(): Promise<void> {
    for (const id of this.#filed)
      await this.house.ledger.statement(id).catch(error => {
        // A complaint whose row was edited has no receipt any more; the log goes on.
        if (!String(error.message).startsWith('row_altered')) throw error
      })
    // The log's own chain: keys, policies.
    for (let tries = 0; tries < 200 && (await this.house.ledger.metrics()).unsignedLeaves > 0; tries++)
      await new Promise(resolve => setTimeout(resolve, 10))
  }

  async submit(): Promise<Filed> {
    const body = {
      orderId: `ORDER-${this.#orders++}`,
      merchantId: 'm1',
      merchantName: '小店',
      buyer: { name: '王小明', phone: '13800001234' },
      category: 'quality',
      statement: '裙子和图片不一样',
      remedySought: { kind: 'refund', amount: { value: '89.00', currency: 'CNY' } },
    }
    const { id, trackingUrl, receipt, ...given } = await this.post('/api/v1/complaints', 'platform', body)
    this.#filed.push(parseId(String(id)) ?? 0)
    const [promise, fingerprint] = [String(given.promise), String(given.fingerprint)]
    return {
      id: String(id),
      room: new URL(String(trackingUrl)).pathname,
      receipt: receipt as Receipt,
      promise,
      fingerprint,
    }
  }

  act(filed: Filed, as: keyof typeof KEYS | 'buyer', act: string, body: object = {}) {
    const room = as === 'buyer' ? filed.room : `/api/v1/complaints/${filed.id}`
    return this.post(`${room}/${act}`, as, as === 'buyer' ? body : { operator: 'A17', ...body })
  }

  async post(path: string, as: keyof typeof KEYS | 'buyer', body: object): Promise<Record<string, unknown>> {
    const response = await this.ask(path, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/json',
        ...(as !== 'buyer' && { Authorization: `Bearer ${KEYS[as]}` }),
      },
      body: JSON.stringify(body),
    })
    if (response.status !== 201) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return response.json()
  }

  async receipt(filed: Filed): Promise<Receipt> {
    return (await this.ask(`${filed.room}/receipt.json`)).json()
  }

  /** A rejected complaint that the platform rules on, and a second one that is only begun. */
  async story(): Promise<[Filed, Filed]> {
    const dress = await this.submit()
    await this.later(1)
    await this.act(dress, 'merchant', 'responses', {
      answer: 'reject',
      statement: '以实物为准',
      ground: 'as_described',
    })
    const other = await this.submit()
    await this.later(1)
    await this.act(dress, 'buyer', 'escalation', { reason: '请平台介入' })
    await this.later(1)
    return [dress, other]
  }

  /** Runs a command; its lines, and the exit code. */
  tousu(...args: string[]): Promise<{ code: number; out: string; err: string }> {
    const io = { now: () => this.clock.now(), fetch: this.fetch, apiKey: KEYS.merchant }
    return this.tousuWith(io, ...args)
  }

  async tousuWith(io: Pick<Io, 'now' | 'fetch' | 'locale' | 'apiKey'>, ...args: string[]) {
    const [out, err]: [string[], string[]] = [[], []]
    const lines = { out: (line: string) => void out.push(line), err: (text: string) => void err.push(text) }
    const code = await main(args, { ...lines, tty: false, ...io })
    return { code, out: out.join('\n'), err: err.join('') }
  }

  verify(receipt: unknown, ...more: string[]) {
    const file = this.write('receipt.json', receipt)
    return this.tousu('verify', file, '--policy', this.file('trust.txt'), ...more)
  }

  /** With the memory of this name, fresh when there is none. */
  monitor(memory = 'state', ...more: string[]) {
    const [policy, state] = [this.file('trust.txt'), this.file(memory)]
    return this.tousu('monitor', this.url, '--policy', policy, '--state', state, ...more)
  }
}

/** The lines that say no. */
export const refusals = (out: string): string[] => out.split('\n').filter(line => line.startsWith('✗'))
