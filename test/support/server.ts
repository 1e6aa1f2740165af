import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import { afterAll, beforeAll, expect, vi } from 'vitest'
import { advanceClock } from '../../src/demo/replay.ts'
import { createServer, type ServerOptions } from '../../src/hosts/node/server.ts'
import { DemoClock } from '../../src/ledger/clock.ts'
import { makeSecrets, readSecrets } from '../../src/ledger/log/secrets.ts'
import { demoPhone, type PhoneMessage } from '../../src/notify/sms/demo-phone.ts'
import { hashKey } from '../../src/routes/authenticate.ts'
import { Answer, ProblemDocument, Submitted, View } from './shapes.ts'

/** Monday 2 March 2026, 10:00 in Shanghai: no holiday near. */
export const START = Date.parse('2026-03-02T02:00:00Z')
export const HOUR = 3_600_000

/** What the suite needs of a host besides HTTP. A door to a running server is a base URL and its demo clock. */
export interface TestHost {
  fetch(path: string, init?: RequestInit): Promise<Response>
  keys: Record<'platform' | 'supervisor' | 'merchant' | 'other', string>
  now(): number
  /** Whatever falls due on the way does so at its own turn. */
  advance(hours: number): Promise<void>
  messages(): PhoneMessage[]
  close(): Promise<void>
}

const KEYS = {
  platform: 'key-of-the-platform',
  supervisor: 'key-of-the-supervisor',
  merchant: 'key-of-merchant-m1',
  other: 'key-of-merchant-m2',
}

/** What the server of Node hands on of a connection: the proxy's, on the same machine. */
const BEHIND_PROXY = { incoming: { socket: { remoteAddress: '127.0.0.1' } } }

/** The app on Node, in a folder that goes with it. */
export const openTestHost = async (start = START, over: Partial<ServerOptions> = {}) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'tousu-house-'))
  const clock = new DemoClock(start)
  const lines: string[] = []
  const phone = demoPhone({ append: line => void lines.push(line), lines: () => lines }, clock)
  const secrets = await readSecrets(await makeSecrets())
  const baseUrl = 'https://t.tousu.example'
  const own = { dataDir, baseUrl, secrets, origin: 'log.test/0', clock, provider: phone, signEveryMs: 0, demo: true }
  const house = createServer({ ...own, ...over })
  const { ledger, scheduler, app } = house
  await ledger.registry.addCredential(hashKey(KEYS.platform), { role: 'platform', name: 'platform' })
  await ledger.registry.addCredential(hashKey(KEYS.supervisor), { role: 'supervisor', name: 'supervisor' })
  await ledger.registry.addCredential(hashKey(KEYS.merchant), { role: 'merchant', merchant: 'm1', name: 'm1' })
  await ledger.registry.addCredential(hashKey(KEYS.other), { role: 'merchant', merchant: 'm2', name: 'm2' })
  return {
    ...house,
    dataDir,
    keys: KEYS,
    now: () => clock.now(),
    fetch: async (path: string, init?: RequestInit) => app.request(path, init, BEHIND_PROXY),
    advance: (hours: number) => advanceClock(clock, scheduler, clock.now() + hours * HOUR),
    messages: () => phone.messages(),
    close: async () => {
      await house.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** What a buyer entrusts to the house: it may stand on the pages of those who may see it, and nowhere else. */
export const SECRET = {
  name: '欧阳暮雪',
  phone: '13912348765',
  order: 'ORDER-77810042',
  text: '袖子短了一截，客服三次都说以实物为准',
}

/** Acts before which a browser that is not known gives the phone's last four digits. */
const PROVEN = ['offer-acceptance', 'confirmation', 'withdrawal']
const withProof = <T>(act: string, body: T): T =>
  PROVEN.includes(act) && typeof body === 'object' && body !== null && !Array.isArray(body)
    ? { last4: SECRET.phone.slice(-4), ...body }
    : body

export interface Reply {
  status: number
  headers: Headers
  text: string
}

export type Filed = v.InferOutput<typeof Submitted> & { room: string }
type Who = keyof TestHost['keys']

/** A complaint house as its visitors know it: all of it by HTTP. */
export class TestServer<D extends TestHost = TestHost> {
  readonly door: D
  #orders = 0

  constructor(door: D) {
    this.door = door
  }

  async get(path: string, headers: Record<string, string> = {}): Promise<Reply> {
    return replyOf(await this.door.fetch(path, { headers }))
  }

  async post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Reply> {
    const sent = { 'Content-Type': 'application/json', Accept: 'application/json', ...headers }
    return this.send(path, typeof body === 'string' ? body : JSON.stringify(body), sent)
  }

  async send(path: string, body: BodyInit, headers: Record<string, string> = {}, method = 'POST'): Promise<Reply> {
    return replyOf(await this.door.fetch(path, { method, headers, body }))
  }

  bearer(who: Who): { Authorization: string } {
    return { Authorization: `Bearer ${this.door.keys[who]}` }
  }

  /** A valid submission, each about an order of its own. */
  intake(over: object = {}): object {
    return { ...this.#intake(), ...over }
  }

  #intake() {
    this.#orders++
    return {
      orderId: `${SECRET.order}-${this.#orders}`,
      item: '连衣裙',
      merchantId: 'm1',
      merchantName: '花间集',
      buyer: { name: SECRET.name, phone: SECRET.phone },
      category: 'quality',
      statement: SECRET.text,
      remedySought: { kind: 'refund', amount: { value: '89.00', currency: 'CNY' } },
    }
  }

  async submit(over: object = {}): Promise<Filed> {
    const reply = await this.post('/api/v1/complaints', this.intake(over), this.bearer('platform'))
    expect(reply.status, reply.text).toBe(201)
    const filed = parseAs(Submitted, reply)
    return { ...filed, room: new URL(filed.trackingUrl).pathname }
  }

  asBuyer({ room }: Pick<Filed, 'room'>, act: string, body: unknown = {}, headers = {}): Promise<Reply> {
    return this.post(`${room}/${act}`, withProof(act, body), headers)
  }

  /** As a page without JavaScript posts it. */
  form({ room }: Filed, act: string, fields: Record<string, string> = {}): Promise<Reply> {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'text/html,*/*;q=0.8' }
    return this.send(`${room}/${act}`, new URLSearchParams(withProof(act, fields)).toString(), headers)
  }

  as(who: Who, { id }: Pick<Filed, 'id'>, act: string, body: unknown = {}, headers = {}): Promise<Reply> {
    return this.post(`/api/v1/complaints/${id}/${act}`, body, { ...this.bearer(who), ...headers })
  }

  asMerchant(filed: Filed, act: string, body?: unknown): Promise<Reply> {
    return this.as('merchant', filed, act, body)
  }

  asPlatform(filed: Pick<Filed, 'id'>, act: string, body?: unknown): Promise<Reply> {
    return this.as('platform', filed, act, body)
  }

  /** What the buyer's link says to a program. */
  async view({ room }: { room: string }): Promise<View> {
    return parseAs(View, await this.get(room, { Accept: 'application/json' }))
  }

  async viewAs(who: Who, { id }: Pick<Filed, 'id'>): Promise<View> {
    return parseAs(View, await this.get(`/api/v1/complaints/${id}`, this.bearer(who)))
  }

  advance(hours: number): Promise<void> {
    return this.door.advance(hours)
  }
}

const replyOf = async (response: Response): Promise<Reply> => ({
  status: response.status,
  headers: response.headers,
  text: await response.text(),
})

export const parseAs = <T>(schema: v.GenericSchema<unknown, T>, { text }: Reply): T => v.parse(schema, JSON.parse(text))

/** The answer of an act that must have been recorded. */
export const made = (reply: Reply): v.InferOutput<typeof Answer> => {
  expect(reply.status, reply.text).toBe(201)
  return parseAs(Answer, reply)
}

/** RFC 9457 problem details with this code, and nothing in them of what the buyer entrusted. */
export const expectProblem = (reply: Reply, status: number, code: string) => {
  expect([reply.status, reply.text]).toEqual([status, expect.stringContaining(`"code":"${code}"`)])
  expect(reply.headers.get('content-type')).toBe('application/problem+json')
  expectDiscreet(reply.text + JSON.stringify([...reply.headers]))
  const problem = parseAs(ProblemDocument, reply)
  expect(problem).toMatchObject({ status, code, title: expect.stringMatching(/.{8}/) })
  return problem
}

export const expectDiscreet = (text: string): void => {
  for (const secret of Object.values(SECRET)) expect(text).not.toContain(secret)
}

/** Opens a house for the tests of a file. Whatever they do, the console stays silent: nothing failed unforeseen. */
export const useServer = ({ refuses, tells = '\0' }: { refuses?: number; tells?: string } = {}) => {
  const said: unknown[][] = []
  const house = new TestServer<Awaited<ReturnType<typeof openTestHost>>>({} as never)
  beforeAll(async () => {
    for (const level of ['log', 'warn', 'error'] as const) {
      vi.spyOn(console, level).mockImplementation((...words) => void said.push(words))
    }
    Object.assign(house, { door: await openTestHost() })
  })
  afterAll(async () => {
    await house.door.close()
    vi.restoreAllMocks()
    // A refusal of 500 or more that a test means to meet leaves its line, and so does what is logged on purpose.
    const meant = [`"status":${refuses}`, tells]
    expect(said.filter(([line]) => !meant.some(each => String(line).includes(each)))).toEqual([])
  })
  return house
}
