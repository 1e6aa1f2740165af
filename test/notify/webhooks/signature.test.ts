import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { OVERLAP_MS, secretOf, signedHeaders } from '../../../src/notify/webhooks/signature.ts'

const MASTER = new Uint8Array(32).fill(7)
const BODY = JSON.stringify({ type: 'complaint.submitted', data: { 状态: '等待商家' } })
const hook = (generation = 1, rotatedAt: number | null = null) => ({ id: 'h1', generation, rotatedAt })

const reads = (secret: string, headers: Record<string, string>, body = BODY): boolean => {
  try {
    new Webhook(secret).verify(body, headers)
    return true
  } catch {
    return false
  }
}

test('the reference implementation accepts what is signed, and nothing else', () => {
  const headers = signedHeaders(MASTER, hook(), 'msg_1', BODY, Date.now())
  const secret = secretOf(MASTER, hook())
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
  expect(reads(secret, headers)).toBe(true)
  expect(new Webhook(secret).sign('msg_1', new Date(Number(headers['webhook-timestamp']) * 1000), BODY)).toBe(
    headers['webhook-signature'],
  )
  expect(reads(secret, headers, `${BODY} `)).toBe(false)
  expect(reads(secret, { ...headers, 'webhook-id': 'msg_2' })).toBe(false)
  expect(reads(secretOf(MASTER, { id: 'h2', generation: 1 }), headers)).toBe(false)
  expect(reads(secretOf(new Uint8Array(32), hook()), headers)).toBe(false)
  expect(reads(secret, signedHeaders(MASTER, hook(), 'msg_1', BODY, Date.now() - 600_000))).toBe(false)
})

test('for a day after a change both secrets read it, then the new one alone', () => {
  const [old, fresh] = [secretOf(MASTER, hook(1)), secretOf(MASTER, hook(2))]
  const now = Date.now()
  const early = signedHeaders(MASTER, hook(2, now - OVERLAP_MS + 1000), 'm', BODY, now)
  expect([reads(old, early), reads(fresh, early)]).toEqual([true, true])
  const late = signedHeaders(MASTER, hook(2, now - OVERLAP_MS), 'm', BODY, now)
  expect([reads(old, late), reads(fresh, late)]).toEqual([false, true])
})
