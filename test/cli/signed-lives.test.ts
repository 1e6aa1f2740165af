import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import type { ComplaintView, StepView } from '../../src/complaint/view/types.ts'
import type { Receipt } from '../../src/log/receipt.ts'
import { verifyReceipt } from '../../src/log/verify.ts'
import { type Body, ENDING, PROVEN, picker, ROLES } from '../record/lives.ts'
import { KEYS, openServer, type RecordedServer } from '../record/server.ts'
import { JPEG } from '../routes/uploads.ts'
import { Device, spoiled } from '../support/device.ts'
import { PartyDevice, tagOf } from '../support/party.ts'
import { formIn, signedForm } from '../support/signed-form.ts'
import { LogServer, refusals } from './log-server.ts'

// Random lives of complaints in which buyers, merchant, officers and supervisors sign some acts and not others, by keys that come and
// go: both verifiers, monitor and page say the same of each, and what a model without signatures expects. `LIVES=1000 SEED=7` tells more of them, or others.

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

type Party = 'merchant' | 'platform' | 'supervisor'
const PARTIES: readonly Party[] = ['merchant', 'platform', 'supervisor']
const PARTY_NAMES = { merchant: tagOf('m1'), platform: 'platform', supervisor: 'supervisor' }

/** Keys of merchant, officers and supervisors; the merchant demands signatures for some of the time. */
class Parties {
  readonly standing: Record<Party, PartyDevice[]> = { merchant: [], platform: [], supervisor: [] }
  readonly #retired: Record<Party, PartyDevice[]> = { merchant: [], platform: [], supervisor: [] }
  isDemanded = false
  readonly #server: RecordedServer
  readonly #pick: Pick

  constructor(server: RecordedServer, pick: Pick) {
    this.#server = server
    this.#pick = pick
  }

  async #ask(role: Party, path = '', body?: object) {
    const headers = { Authorization: `Bearer ${KEYS[role]}`, 'Content-Type': 'application/json' }
    const init = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers }
    const reply = await this.#server.fetch(`/api/v1/keys${path}`, init)
    expect(reply.ok, await reply.clone().text()).toBe(true)
    return reply.json()
  }

  /** One key is added or retired, or the merchant demands or releases. */
  async change(role: Party): Promise<void> {
    const { standing } = this
    const [first] = standing[role]
    const demanded = role === 'merchant' && this.isDemanded
    const { origin, seen } = await this.#ask(role)
    const party = PARTY_NAMES[role]
    if (!first || this.#pick.chance(0.4)) {
      const made = new PartyDevice(this.#pick.of(['ES256', 'EdDSA'] as const))
      await this.#ask(role, '', made.offer(party, demanded || this.#pick.chance(0.3) ? first : undefined))
      standing[role].push(made)
    } else if (role === 'merchant' && this.#pick.chance(0.5)) {
      const act = demanded ? 'signing-releases' : 'signing-demands'
      const signed = first.about(act, { party, origin, seen })
      await this.#ask(role, demanded ? '/release' : '/requirement', { signed })
      this.isDemanded = !demanded
    } else if (standing[role].length > 1 || !demanded) {
      const gone = standing[role].pop() ?? first
      const signed = first.about('party-key-retirements', { party, key: gone.key, origin })
      await this.#ask(role, `/${gone.key}/retirement`, demanded ? { signed } : {})
      this.#retired[role].push(gone)
    }
  }

  /** Who signs the next act of this party: mostly a key that stands, sometimes a retired one, or none. */
  signerOf(role: Party): { device: PartyDevice | null; isRetired: boolean } {
    const [standing, retired] = [this.standing[role], this.#retired[role]]
    if (retired.length > 0 && this.#pick.chance(0.05)) return { device: this.#pick.of(retired), isRetired: true }
    const device = standing.length > 0 && this.#pick.chance(0.6) ? this.#pick.of(standing) : null
    return { device, isRetired: false }
  }
}

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
  /** By number of the step: the key that signed it. */
  readonly signed = new Map<number, string>()
  /** By number of the step: the party that left it unsigned though it had a key. */
  readonly though = new Map<number, Party>()
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

  /** One act of somebody: signed, unsigned, or signed wrongly and refused. */
  async acts(parties: Parties): Promise<void> {
    const pick = this.#pick
    const { steps, actions } = await this.view()
    if (pick.chance(this.#bound.length === 0 ? 0.35 : 0.08)) return this.#bind(steps)
    const role: 'buyer' | Party = pick.of(['buyer', 'buyer', 'buyer', ...PARTIES])
    if (role !== 'buyer') return this.#otherActs(role, parties)
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

  async #otherActs(role: Party, parties: Parties): Promise<void> {
    const pick = this.#pick
    const room = `/api/v1/complaints/${this.#id}`
    const headers = { Authorization: `Bearer ${KEYS[role]}` }
    const { actions, steps, signing } = await this.#get(room, headers)
    const table: Record<string, Body> = ROLES[role]
    const offered = actions.filter((name: string) => name in table && name !== 'link-rotation')
    if (offered.length === 0) return
    const name = pick.of<string>(offered)
    const body = table[name]?.(pick, this.#server.now(), steps.length) ?? {}
    const { device, isRetired } = parties.signerOf(role)
    const send = (act: string) => {
      const signature = device?.header({ ...signing, act }, JSON.stringify(body))
      return this.#post(`${room}/${name}`, body, { ...headers, ...signature })
    }
    if (device && !isRetired && pick.chance(0.1)) {
      const refused = await send(name === 'messages' ? 'evidence' : 'messages')
      expect([refused.status, refused.body.code].join()).toMatch(/^409,signature_wrong$|^422,/)
    }
    const isDisowned = role === 'merchant' && parties.isDemanded && !device
    const done = await send(name)
    if (isRetired) expect([done.status, done.body.code].join()).toMatch(/^409,signature_key$|^422,/)
    if (isDisowned) expect([done.status, done.body.code].join()).toMatch(/^409,signature_required$|^422,/)
    if (done.status !== 201) return
    const { seq } = done.body.step
    if (device) this.signed.set(seq, device.key)
    else if (parties.standing[role].length > 0) this.though.set(seq, role)
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

/** How many steps a verifier counts that a party left unsigned though it had a key. */
const thoughIn = (said: string): number => Number(/(\d+) unsigned though their party had a key/.exec(said)?.[1] ?? 0)

test('random lives, signed here and there: verifiers, monitor and page agree', {
  timeout: 3_600_000,
}, async () => {
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 10_000))
  const desk = await LogServer.open()
  onTestFinished(() => desk.close())
  const server = await openServer(Date.parse('2026-03-02T02:00:00Z'))
  onTestFinished(() => server.close())
  const parties = new Parties(server, picker(seed))
  const lives: Life[] = []
  for (let n = 0; n < LIVES; n++) lives.push(await begun(server, seed * 10_000 + n))
  const forged = await begun(server, seed * 10_000 + LIVES)
  for (let round = 0; round < 14; round++) {
    for (const role of PARTIES) await parties.change(role)
    for (const life of lives) await life.acts(parties)
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
        expect([said, step.seq, step.signed?.key, step.unsignedThoughRegistered ?? false]).toEqual([
          said,
          step.seq,
          life.signed.get(step.seq),
          life.though.has(step.seq),
        ])
    const receipt = await life.receipt()
    desk.write(`receipts/${n}.json`, receipt)
    const { checks } = await verifyReceipt(receipt, trust)
    const no = checks.filter(({ ok }) => !ok).map(({ name }) => name)
    expect([said, no]).toEqual([said, life.finding === null ? [] : ['authors']])
    expect([said, thoughIn(checks.map(({ detail }) => detail).join())]).toEqual([said, life.though.size])
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
    expect(said.map(thoughIn), `seed ${seed}`).toEqual(lives.map(({ though }) => though.size))
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
  const though = lives.flatMap(life => [...life.though.values()])
  for (const role of PARTIES) {
    const party = role === 'merchant' ? `merchant ${tagOf('m1')}` : role
    const [, told = '0'] = new RegExp(`^· ${party}: (\\d+) steps unsigned`, 'm').exec(monitored.out) ?? []
    expect([party, Number(told)], `seed ${seed}`).toEqual([party, though.filter(each => each === role).length])
  }
  const counts = `${acts} signed acts, ${though.length} unsigned though registered, ${found.length} findings`
  console.log(`seed ${seed}: ${lives.length} lives, ${counts}`)
})
