import type { Outbox } from '../../../src/ledger/contract/outbox.ts'

export { DAY, HOUR } from '../../../src/complaint/time.ts'

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import policy from '../../../db/policies/cn-2026-1.json' with { type: 'json' }
import { foldAll } from '../../../src/complaint/evolve.ts'
import type { Step } from '../../../src/complaint/step.ts'
import { openNodeHost } from '../../../src/hosts/node/sqlite.ts'
import { DemoClock } from '../../../src/ledger/clock.ts'
import type { BodyOf, Caller, Intake, Ledger, Order } from '../../../src/ledger/contract/ledger.ts'
import { LocalLedger } from '../../../src/ledger/local-ledger.ts'
import { makeSecrets, readSecrets } from '../../../src/ledger/log/secrets.ts'
import { deliverDue } from '../../../src/notify/sms/deliver.ts'
import { demoPhone } from '../../../src/notify/sms/demo-phone.ts'
import type { Sent, Sms, SmsProvider, Vendor } from '../../../src/notify/sms/provider.ts'
import type { DeliveryDeps } from '../../../src/notify/sms/send-batch.ts'

/** Monday 2 March 2026, 10:00 in Shanghai. */
export const START = Date.parse('2026-03-02T02:00:00Z')
export const BASE_URL = 'https://t.tousu.cn'
export const PHONE = '13800001234'

const secrets = await readSecrets(await makeSecrets())

export const accepted: Sent = { status: 'accepted' }
export const busy: Sent = { status: 'unavailable', reason: 'busy' }

/** A provider that notes what it was given and answers as told. */
export class Provider implements SmsProvider {
  name: Vendor = 'gateway'
  sent: Sms[] = []
  answer: (sms: Sms, signal: AbortSignal) => Sent | Promise<Sent>

  constructor(answer: Provider['answer'] = () => accepted) {
    this.answer = answer
  }

  async send(sms: Sms, signal: AbortSignal): Promise<Sent> {
    this.sent.push(sms)
    return this.answer(sms, signal)
  }
}

const buyer: Caller = { role: 'buyer', automated: false }
const merchant: Caller = { role: 'merchant', automated: false, person: '客服01', merchant: 'm1' }
const officer: Caller = { role: 'platform', automated: false, person: 'A17' }
const supervisor: Caller = { role: 'supervisor', automated: false, person: 'S1' }

/** A real ledger in a folder of its own, on a clock that can be moved, with one complaint in it. */
export const openMessageFixture = async (provider: SmsProvider = new Provider()) => {
  const folder = mkdtempSync(join(tmpdir(), 'tousu-notify-'))
  const clock = new DemoClock(START)
  const host = openNodeHost(folder)
  const ledger = new LocalLedger({ host, secrets, policy, origin: 'test.invalid/log/0', clock, signEveryMs: 0 })
  onTestFinished(async () => {
    await ledger.close()
    rmSync(folder, { recursive: true })
  })
  const desk: DeliveryDeps = {
    ledger,
    provider,
    links: secrets.links,
    pickupSecret: secrets.tags,
    baseUrl: BASE_URL,
    clock,
    random: () => 0.5,
  }

  const order = async (order: Order): Promise<number> => {
    const done = await ledger.execute(order)
    if ('refused' in done) throw new Error(`${order.act}: ${done.refused}`)
    return done.id
  }
  const submit = (orderId: string, phone = PHONE) =>
    order({ act: 'submit', complaint: null, by: buyer, body: intake(orderId, phone) })
  const id = await submit('DD-1')
  const reject: BodyOf<'responses'> = { answer: 'reject', statement: '图片仅供参考', ground: 'as_described' }

  return {
    ledger,
    sqlite: host.sqlite,
    clock,
    desk,
    id,
    submit,
    rejects: (complaint = id) => order({ act: 'responses', complaint, by: merchant, body: reject }),
    offers: () =>
      order({
        act: 'responses',
        complaint: id,
        by: merchant,
        body: {
          answer: 'offer',
          statement: '退一半',
          offer: { kind: 'partial_refund', amount: { value: '40.00', currency: 'CNY' } },
        },
      }),
    accepts: () => order({ act: 'offer-acceptance', complaint: id, by: buyer, body: {} }),
    fulfils: () =>
      order({ act: 'fulfilment', complaint: id, by: merchant, body: { statement: '已退款', proof: 'RF1' } }),
    escalates: () => order({ act: 'escalation', complaint: id, by: buyer, body: { reason: '完全不同' } }),
    withdraws: () =>
      order({ act: 'withdrawal', complaint: id, by: buyer, body: { ground: 'changed_mind', reason: '不想再等' } }),
    rules: () =>
      order({
        act: 'rulings',
        complaint: id,
        by: officer,
        body: { outcome: 'for_merchant', facts: '图片与实物一致', rule: '平台规则 5.2', reasons: '与描述相符' },
      }),
    rotates: (reason = 'lost') => order({ act: 'link-rotation', complaint: id, by: officer, body: { reason } }),
    erasesPhone: async () => {
      const body = { seq: 0, field: 'buyerPhone', reason: '换了号码' }
      await order({ act: 'redaction-request', complaint: id, by: buyer, body })
      await order({ act: 'redactions', complaint: id, by: supervisor, body })
    },
    deliver: (changes: Partial<DeliveryDeps> = {}) => deliverDue({ ...desk, ...changes }),
    /** The timer, woken whenever the ledger asked for it. */
    passes: async (length: number) => {
      const end = clock.now() + length
      for (;;) {
        const next = await ledger.tick()
        if ((await deliverDue(desk)) > 0) continue
        if (next === null || next > end) break
        clock.moveTo(next)
      }
      clock.moveTo(end)
    },
    steps: async (complaint = id): Promise<Step[]> =>
      (await ledger.read(complaint))?.entries.map(({ step }) => step) ?? [],
    complaint: async (complaint = id) => {
      const timeline = await ledger.read(complaint)
      return foldAll(timeline?.entries.map(({ step }) => step) ?? [])
    },
    /** What became of the messages to buyers, oldest first. */
    outbox: () =>
      host.sqlite
        .prepare<[], { template: string; outcome: string | null; attempts: number }>(
          "SELECT template, outcome, attempts FROM outbox WHERE party = 'buyer' ORDER BY id",
        )
        .all(),
    /** What became of those to everybody else. */
    digests: () =>
      host.sqlite
        .prepare<[], { party: string; outcome: string | null; reason: string | null; nextAt: number | null }>(
          "SELECT party, outcome, reason, next_at AS nextAt FROM outbox WHERE party <> 'buyer' ORDER BY id",
        )
        .all(),
  }
}
export type MessageFixture = Awaited<ReturnType<typeof openMessageFixture>>

const intake = (orderId: string, phone: string): Intake => ({
  orderId,
  merchantId: 'm1',
  merchantName: '云裳旗舰店',
  buyer: { name: '王小明', phone },
  category: 'not_as_described',
  statement: '裙子的颜色和图片不一样',
  remedySought: { kind: 'refund', amount: { value: '89.00', currency: 'CNY' } },
  locale: 'zh-CN',
})

/** The same ledger with a part of it broken. */
export const broken = (
  ledger: Ledger,
  { read, readOnly, ...parts }: Partial<Outbox & Pick<Ledger, 'read' | 'readOnly'>>,
): DeliveryDeps['ledger'] => ({
  read: read ?? (id => ledger.read(id)),
  readOnly: readOnly ?? (() => ledger.readOnly()),
  outbox: {
    dueMessages: limit => ledger.outbox.dueMessages(limit),
    dueRecipients: limit => ledger.outbox.dueRecipients(limit),
    dueDigest: (recipient, limit, after) => ledger.outbox.dueDigest(recipient, limit, after),
    acceptedCount: (...about) => ledger.outbox.acceptedCount(...about),
    contact: party => ledger.outbox.contact(party),
    setContact: (party, phone) => ledger.outbox.setContact(party, phone),
    requestContact: (party, phone) => ledger.outbox.requestContact(party, phone),
    pendingContact: party => ledger.outbox.pendingContact(party),
    confirmContact: (party, code) => ledger.outbox.confirmContact(party, code),
    dueCodes: () => ledger.outbox.dueCodes(),
    recordCode: (key, retryAt) => ledger.outbox.recordCode(key, retryAt),
    recordDeliveries: outcomes => ledger.outbox.recordDeliveries(outcomes),
    recordReport: report => ledger.outbox.recordReport(report),
    failedMessages: limit => ledger.outbox.failedMessages(limit),
    ...parts,
  },
})

/** A phone whose memory is an array. */
export const pocketPhone = (lines: string[] = []) =>
  demoPhone({ append: line => void lines.push(line), lines: () => lines })
