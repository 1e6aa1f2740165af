import * as v from 'valibot'
import { iso } from '../../../complaint/time.ts'
import { signStandard } from '../../webhooks/signature.ts'
import type { Sent, Sms } from '../provider.ts'
import { ask, byStatus, type Phone, plainCode, type SmsClient, type VendorDeps, vendorFaults } from './client.ts'
import type { PlatformSettings } from './config.ts'

const Taken = v.object({ id: v.pipe(v.string(), v.minLength(1), v.maxLength(200)) })
const Refused = v.object({ code: v.string() })

/**
 * The platform's own endpoint, which puts the notice into its app or its WeChat account: an event `buyer_notice`, signed as
 * webhooks are (docs/webhooks.md). Idempotent: a repetition has the same `webhook-id`. The phone goes along only where the
 * settings say that it must.
 */
export const platformClient = (settings: PlatformSettings, baseUrl: string, world: VendorDeps): SmsClient => {
  const faults = vendorFaults('platform')
  return {
    name: 'platform',
    faults,
    reaches: () => true,
    has: () => true,
    role: settings.beside ? 'beside' : 'first',
    send: async (sms, phone, signal) => {
      const body = JSON.stringify(eventOf(sms, baseUrl, world.now(), settings.phone ? phone : null))
      const headers = {
        'content-type': 'application/json',
        ...signStandard(settings.secret, `msg_notice_${sms.key.replace(':', '_')}`, body, world.now()),
      }
      const answer = await ask(world.fetch, settings.url, { headers, body, signal })
      if (!('body' in answer)) return answer
      if (answer.status === 422) return refused(answer.body)
      if (answer.status < 200 || answer.status >= 300) return byStatus(answer.status, faults)
      faults.worked()
      const taken = v.safeParse(Taken, answer.body)
      return { status: 'accepted', ...(taken.success && { reference: taken.output.id }) }
    },
  }
}

/** Complaint and order are the platform's own references to its buyer. */
const eventOf = (
  { key, order, template, locale, text, params }: Sms,
  baseUrl: string,
  now: number,
  phone: Phone | null,
) => ({
  type: 'buyer_notice',
  timestamp: iso(now),
  data: {
    complaint: key.split(':')[0],
    orderId: order ?? null,
    template,
    locale,
    text,
    url: params.token === undefined ? baseUrl : `${baseUrl}/t/${params.token}`,
    ...(phone && { phone: phone.e164 }),
  },
})

const refused = (body: unknown): Sent => {
  const said = v.safeParse(Refused, body)
  return { status: 'rejected', reason: said.success ? plainCode(said.output.code) : 'http_422' }
}
