import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import type { ComplaintView, StepView } from '../../src/complaint/view/types.ts'
import type { Receipt } from '../../src/log/receipt.ts'
import { verifyReceipt } from '../../src/log/verify.ts'
import { type Body, ENDING, PROVEN, picker, ROLES, type Role } from '../record/lives.ts'
import { KEYS, openServer, type RecordedServer } from '../record/server.ts'
import { JPEG } from '../routes/uploads.ts'
import { Device, spoiled } from '../support/device.ts'
import { formIn, signedForm } from '../support/signed-form.ts'
import { LogServer, refusals } from './log-server.ts'

// Random lives of complaints whose buyers sign some acts and not others: both verifiers, monitor and page say the same of
// each, and what a model without signatures expects. `LIVES=1000 SEED=7` tells more of them, or others.

const LIVES = Number(process.env.LIVES ?? 50)
const DOCS = fileURLToPath(new URL('../../docs', import.meta.url))
const python = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 11))'])
const DECISIVE = ['confirmed', 'withdrawn', 'offer_accepted']
const BUYER: Record<string, Body> = { ...ROLES.buyer, nudges: () => ({}) }
/** One process for all receipts: `verifier.py FOLDER/N.json TRUST`, and after each its number. */
const ALL = `import sys; sys.path.insert(0, sys.argv[1]); import verifier
for n in range(int(sys.argv[2])):
    print("=", n, verifier.main([f"{sys.argv[3]}/{n}.json", sys.argv[4]]))`

type Pick = ReturnType<typeof picker>

class Life {
  readonly room: string
  readonly #id: string
  readonly #server: RecordedServer
  readonly #pick: Pick
  readonly #last4: string
  readonly #bound: Device[] = []
  #about: { origin: string; c: string } | null = null
  /** Devices that were retired, by key: from when (ms) they sign no more. */
  readonly #retired = new Map<string, number>()
  /** By number of the step: what its buyer did there. */
  readonly signed = new Map<number, string>()
  /** The newest step that is a finding, by what this test did alone. */
  finding: number | null = null

  constructor(
    server: RecordedServer,
    pick: Pick,
    filed: { id: string; trackingUrl: string },
    last4: string,
    device?: Device,
  ) {
    this.#server = server
    this.#pick = pick
    this.#id = filed.id
    this.room = new URL(filed.trackingUrl).pathname
    this.#last4 = last4
    if (device) this.#bound.push(device)
  }

  async #get(path: string, headers: Record<string, string> = {}) {
    const answer = await this.#server.fetch(path, { headers: { Accept: 'application/json', ...headers } })
    expect(answer.status, path).toBe(200)
    return answer.json()
  }
  async #post(path: string, body: object, headers: Record<string, string> = {}) {
    const sent = { Accept: 'application/json', 'Content-Type': 'application/json', ...headers }
    const answer = await this.#server.fetch(path, { method: 'POST', headers: sent, body: JSON.stringify(body) })
    return { status: answer.status, body: await answer.json() }
  }

  view(): Promise<ComplaintView> {
    return this.#get(this.room)
  }
  receipt(): Promise<Receipt> {
    return this.#get(`${this.room}/receipt.json`)
  }

  async #claim(device: Device, act: string, body: object, steps: readonly StepView[]): Promise<string> {
    if (!this.#about) {
      const { origin, complaint } = await this.receipt()
      this.#about = { origin, c: complaint.c }
    }
    return device.sign({ ...this.#about, seen: steps.at(-1)?.leaf ?? '', act, body })
  }

  /** What findings A1 does: the operator confirms by the link that it minted. */
  async isForged(): Promise<void> {
    await this.#bind((await this.view()).steps)
    const { status, body } = await this.#post(`${this.room}/confirmation`, { last4: this.#last4 })
    expect(status).toBe(201)
    this.#noted(body.step, null)
  }

  async #bind(steps: readonly StepView[]): Promise<void> {
    const device = await Device.make()
    const signature = await this.#claim(device, 'device-keys', device.coordinates, steps)
    const digits = this.#bound.length > 0 && { last4: this.#last4 }
    const { status, body } = await this.#post(`${this.room}/device-keys`, {
      ...device.coordinates,
      ...digits,
      signature,
    })
    expect([status, body.code]).toEqual(this.#bound.length < 8 ? [201, undefined] : [409, 'key_limit'])
    if (status === 201) this.#bound.push(device)
  }

  /** One act of somebody; what the buyer does is signed, unsigned, or signed wrongly and refused. */
  async acts(): Promise<void> {
    const pick = this.#pick
    const { steps, actions } = await this.view()
    if (pick.chance(this.#bound.length === 0 ? 0.35 : 0.08)) return this.#bind(steps)
    const role: Role = pick.of(['buyer', 'buyer', 'buyer', 'merchant', 'platform', 'supervisor'])
    if (role !== 'buyer') return this.#otherActs(role)
    const offered = actions.filter(name => name in BUYER)
    if (offered.length === 0) return
    const calm = offered.filter(name => !ENDING.includes(name))
    const act = pick.of(calm.length > 0 && pick.chance(0.5) ? calm : offered)
    const body = BUYER[act]?.(pick, this.#server.now(), steps.length) ?? {}
    if (this.#bound.length > 1 && pick.chance(0.06)) return this.#retire(steps)
    const standing = this.#bound.filter(({ key }) => (this.#retired.get(key) ?? Infinity) > this.#server.now())
    const device = standing.length > 0 && pick.chance(0.6) ? pick.of(standing) : null
    const signature = device && (await this.#claim(device, act, body, steps))
    const proof = PROVEN.includes(act) && { last4: this.#last4 }
    if (signature && pick.chance(0.1)) {
      const refused = await this.#post(`${this.room}/${act}`, { ...body, ...proof, signature: spoiled(signature) })
      expect([refused.status, refused.body.code].join()).toMatch(/^409,signature_wrong$|^422,/)
    }
    const done = await this.#post(`${this.room}/${act}`, { ...body, ...proof, ...(signature && { signature }) })
    if (done.status !== 201) return
    this.#noted(done.body.step, device?.key ?? null)
    if (device) this.#retired.delete(device.key)
  }

  /** One device retires another, or the link and the digits do; then a device that is retired tries to sign. */
  async #retire(steps: readonly StepView[]): Promise<void> {
    const pick = this.#pick
    const [lost, device] = [pick.of(this.#bound), pick.chance(0.7) ? pick.of(this.#bound) : null]
    const body = { key: lost.key }
    const signature = device && (await this.#claim(device, 'device-key-retirements', body, steps))
    const more = signature ? { signature } : { last4: this.#last4 }
    const { status, body: answer } = await this.#post(`${this.room}/device-key-retirements`, { ...body, ...more })
    const isGone = device && (this.#retired.get(device.key) ?? Infinity) <= this.#server.now()
    if (isGone) expect([status, answer.code]).toEqual([409, 'signature_retired'])
    if (status !== 201) return
    if (device) this.#retired.delete(device.key)
    this.#retired.set(lost.key, Date.parse(answer.step.fields.until))
    if (device) this.signed.set(answer.step.seq, device.key)
  }

  #noted({ seq, kind }: StepView, key: string | null): void {
    if (key) {
      this.signed.set(seq, key)
      this.finding = null
    } else if (this.#bound.length > 0 && DECISIVE.includes(kind)) this.finding = seq
  }

  async #otherActs(role: Exclude<Role, 'buyer'>): Promise<void> {
    const pick = this.#pick
    const room = `/api/v1/complaints/${this.#id}`
    const headers = { Authorization: `Bearer ${KEYS[role]}` }
    const { actions, steps } = await this.#get(room, headers)
    const table: Record<string, Body> = ROLES[role]
    const offered = actions.filter((name: string) => name in table && name !== 'link-rotation')
    if (offered.length === 0) return
    const name = pick.of<string>(offered)
    await this.#post(`${room}/${name}`, table[name]?.(pick, this.#server.now(), steps.length) ?? {}, headers)
  }
}

/** Filed by the buyer on the phone, whose key it binds. */
const filedByPhone = async (server: RecordedServer, n: number): Promise<Life> => {
  const [device, phone] = [await Device.make(), `139${10_000_000 + n}`]
  const shop = { merchantId: 'm1', merchantName: '花间集', amount: { value: '89.00', currency: 'CNY' } }
  const ticket = await server.ticket({ orderId: `PHONE-${n}`, phone, name: '王小明', ...shop })
  const form = formIn(await (await server.fetch(`/new?ticket=${ticket}`)).text())
  const fields = { ...form.shown, category: 'quality', statement: '袖子短了一截', 'remedySought.kind': 'refund' }
  const { origin, seen, photos } = form
  const photosSignature = await device.sign({ origin, c: '', seen, act: 'evidence', body: { text: photos } })
  const sent = new FormData()
  const signature = await signedForm(form, device, fields)
  for (const [name, value] of Object.entries({ form: form.form, ...fields, ...signature, photosSignature }))
    sent.append(name, value)
  if (n % 2 === 0) sent.append('files', new File([JPEG], 'a.jpg', { type: 'image/jpeg' }))
  const reply = await server.fetch(form.action, { method: 'POST', headers: { Accept: 'application/json' }, body: sent })
  expect(reply.status).toBe(201)
  const life = new Life(server, picker(n), await reply.json(), phone.slice(-4), device)
  for (const { seq, kind } of (await life.view()).steps)
    if (kind === 'submitted' || kind === 'evidence_supplied') life.signed.set(seq, device.key)
  return life
}

const begun = async (server: RecordedServer, n: number): Promise<Life> => {
  if (n % 3 === 0) return filedByPhone(server, n)
  const phone = `139${10_000_000 + n}`
  const body = {
    orderId: `SIGNED-${n}`,
    merchantId: 'm1',
    merchantName: '花间集',
    buyer: { name: '王小明', phone },
    category: 'quality',
    statement: '袖子短了一截',
    remedySought: { kind: 'refund', amount: { value: '89.00', currency: 'CNY' } },
  }
  const headers = { Authorization: `Bearer ${KEYS.platform}`, 'Content-Type': 'application/json' }
  const reply = await server.fetch('/api/v1/complaints', { method: 'POST', headers, body: JSON.stringify(body) })
  expect(reply.status).toBe(201)
  return new Life(server, picker(n), await reply.json(), phone.slice(-4))
}

test('random lives, signed here and there: verifiers, monitor and page agree', {
  timeout: 3_600_000,
}, async () => {
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 10_000))
  const desk = await LogServer.open()
  onTestFinished(() => desk.close())
  const server = await openServer(Date.parse('2026-03-02T02:00:00Z'))
  onTestFinished(() => server.close())
  const lives: Life[] = []
  for (let n = 0; n < LIVES; n++) lives.push(await begun(server, seed * 10_000 + n))
  const forged = await begun(server, seed * 10_000 + LIVES)
  for (let round = 0; round < 14; round++) {
    for (const life of lives) await life.acts()
    if (round % 2 === 1) await server.advance([1, 5, 20, 49][(seed + round) % 4] ?? 1)
  }

  await forged.isForged()
  lives.push(forged)

  const trust = await (await server.fetch('/log/0/policy')).text()
  desk.write('trust.txt', trust)
  mkdirSync(desk.file('receipts'))
  const found: string[] = []
  for (const [n, life] of lives.entries()) {
    const said = `seed ${seed}, life ${n}`
    const { steps } = await life.view()
    for (const step of steps)
      if (step.kind !== 'key_bound')
        expect([said, step.seq, step.signed?.key]).toEqual([said, step.seq, life.signed.get(step.seq)])
    const receipt = await life.receipt()
    desk.write(`receipts/${n}.json`, receipt)
    const { checks } = await verifyReceipt(receipt, trust)
    const no = checks.filter(({ ok }) => !ok).map(({ name }) => name)
    expect([said, no]).toEqual([said, life.finding === null ? [] : ['authors']])
    if (life.finding !== null) found.push(`complaint ${receipt.complaint.c}, step ${life.finding}`)
  }
  const acts = lives.reduce((sum, { signed }) => sum + signed.size, 0)
  expect(acts).toBeGreaterThan(LIVES / 2)
  expect(found.length).toBeGreaterThan(0)

  if (python.status === 0) {
    const given = ['-c', ALL, DOCS, String(lives.length), desk.file('receipts'), desk.file('trust.txt')]
    const { stdout } = spawnSync('python3', given, { maxBuffer: 1 << 28 })
    const said = stdout
      .toString('utf8')
      .split(/^= \d+ \d+\n/m)
      .slice(0, -1)
    const refusing = said.map(lines => lines.split('\n').flatMap(line => /^✗ ([a-z-]+):/.exec(line)?.[1] ?? []))
    expect(refusing, `seed ${seed}`).toEqual(lives.map(({ finding }) => (finding === null ? [] : ['authors'])))
  }

  const base = 'https://t.tousu.example'
  const io = { fetch: (url: string) => server.fetch(url.slice(base.length)), now: () => server.now() }
  const monitored = await desk.tousuWith(
    io,
    'monitor',
    `${base}/log/0`,
    '--policy',
    desk.file('trust.txt'),
    '--state',
    desk.file('s'),
  )
  const told = refusals(monitored.out).map(
    line => /^✗ authors: (complaint [\w-]{22}, step \d+):/.exec(line)?.[1] ?? line,
  )
  expect([monitored.code, told.toSorted()], `seed ${seed}`).toEqual([1, found.toSorted()])
  console.log(`seed ${seed}: ${lives.length} lives, ${acts} signed acts, ${found.length} findings`)
})
