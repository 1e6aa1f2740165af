import { bytesToHex } from '@noble/hashes/utils.js'
import * as v from 'valibot'
import { hmacSha256 } from '#sha256'
import { utf8 } from '../../../log/encoding.ts'
import type { FaultLog } from '../../../telemetry/log.ts'
import type { Sent, Sms } from '../provider.ts'
import type { Phone, SmsClient, VendorDeps } from './client.ts'
import { ask, byStatus, plainCode, vendorFaults } from './client.ts'
import type { GatewaySettings } from './config.ts'

export const SIGNATURE = 'tousu-signature'
export const TIMESTAMP = 'tousu-timestamp'

/** Hex HMAC-SHA-256 over timestamp (Unix seconds), a dot, and the body. Messages and reports are signed alike. */
export const signGateway = (secret: string, timestamp: string, body: string): string =>
  `v1=${bytesToHex(hmacSha256(utf8(secret), utf8(`${timestamp}.${body}`)))}`

const Taken = v.object({ reference: v.pipe(v.string(), v.minLength(1), v.maxLength(200)) })
const Refused = v.object({ code: v.string() })

/** Generic HTTP gateway: docs/sms.md specifies its other end. Idempotent: it must send each key once. */
export const gatewayClient = (settings: GatewaySettings, world: VendorDeps): SmsClient => {
  const faults = vendorFaults('gateway')
  return {
    name: 'gateway',
    faults,
    reaches: ({ mainland }) => settings.international || mainland !== null,
    has: () => true,
    send: async (sms, phone, signal) => {
      const body = bodyOf(sms, phone)
      const headers = headersOf(settings.secret, sms.key, body, world.now())
      const answer = await ask(world.fetch, settings.url, { headers, body, signal })
      return 'body' in answer ? outcomeOf(answer.status, answer.body, faults) : answer
    },
  }
}

const bodyOf = ({ text, template, params, locale, key }: Sms, { e164 }: Phone): string =>
  JSON.stringify({ to: e164, text, template, params, locale, key })

const headersOf = (secret: string, key: string, body: string, at: number) => {
  const timestamp = String(Math.floor(at / 1000))
  return {
    'content-type': 'application/json',
    'idempotency-key': key,
    [TIMESTAMP]: timestamp,
    [SIGNATURE]: signGateway(secret, timestamp, body),
  }
}

/** 2xx is taken, 422 is refused for good; all else is tried again. */
const outcomeOf = (status: number, body: unknown, faults: FaultLog): Sent => {
  if (status === 422) {
    const refused = v.safeParse(Refused, body)
    return { status: 'rejected', reason: refused.success ? plainCode(refused.output.code) : 'http_422' }
  }
  if (status < 200 || status >= 300) return byStatus(status, faults)
  faults.worked()
  const taken = v.safeParse(Taken, body)
  return { status: 'accepted', ...(taken.success && { reference: taken.output.reference }) }
}
