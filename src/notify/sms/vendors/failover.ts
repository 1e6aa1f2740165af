import type { Locale } from '../../../complaint/words.ts'
import { isVariant, vendorsOf } from '../catalogue.ts'
import type { Sent, Sms, SmsProvider } from '../provider.ts'
import { aliyunClient } from './aliyun.ts'
import type { Phone, SmsClient, VendorDeps } from './client.ts'
import { readPhone } from './client.ts'
import type { SmsSettings, VendorSettings } from './config.ts'
import { gatewayClient } from './gateway.ts'
import { platformClient } from './platform.ts'
import { tencentClient } from './tencent.ts'
import { twilioClient } from './twilio.ts'

const realWorld: VendorDeps = { fetch: (url, init) => fetch(url, init), now: () => Date.now() }

/**
 * Sends by the first configured vendor that reaches the number and has the template. A vendor that is down is waited
 * for: with two tries at two vendors the same message would arrive twice.
 */
export const failoverSmsProvider = ({ vendors }: SmsSettings, baseUrl: string, world = realWorld): SmsProvider => {
  const clients = vendors.map(settings => clientFor(settings, baseUrl, world))
  const [first] = clients
  if (!first) throw new RangeError('failover needs a vendor')
  return {
    name: first.name,
    takes: (template, locale) =>
      clients.some(client => client.has({ template, locale }) && mayTake(client, template, locale)),
    async send(sms, signal): Promise<Sent> {
      const phone = readPhone(sms.to)
      if (!phone) return { status: 'rejected', reason: 'bad_number' }
      const reaching = clients.filter(client => client.reaches(phone))
      if (reaching.length === 0) return { status: 'rejected', reason: 'country' }
      const [client, next] = reaching.filter(each => each.has(sms) && mayTake(each, sms.template, sms.locale))
      if (!client) return { status: 'rejected', reason: 'template' }
      const by = (each: SmsClient) => sendBy(each, first, sms, phone, signal)
      if (!next || client.role === undefined) return by(client)
      if (client.role === 'first') {
        const own = await by(client)
        // Refused for good, as where the buyer never opened the app: then nothing can arrive twice.
        return own.status === 'rejected' ? by(next) : own
      }
      const [own, other] = await Promise.all([by(client), by(next)])
      return other.status === 'rejected' && own.status === 'accepted' ? own : other
    },
  }
}

const sendBy = async (
  client: SmsClient,
  first: SmsClient,
  sms: Sms,
  phone: Phone,
  signal: AbortSignal,
): Promise<Sent> => {
  const sent = await client.send(sms, phone, signal)
  // Codes are noted by the clients, who know what they mean; an acceptance ends both.
  if (sent.status === 'unavailable' && OUT_OF_REACH.test(sent.reason)) client.faults.failed(sent.reason)
  return sent.status === 'accepted' && client !== first ? { ...sent, vendor: client.name } : sent
}

const OUT_OF_REACH = /^(network|timeout|redirect|malformed|http_5\d\d)$/

/** The catalogue names the vendors of each text: some words, and some characters, one of them refuses. */
const mayTake = ({ name }: SmsClient, template: string, locale: Locale): boolean =>
  isVariant(template) && vendorsOf(template, locale).includes(name)

const clientFor = (settings: VendorSettings, baseUrl: string, world: VendorDeps): SmsClient => {
  switch (settings.vendor) {
    case 'aliyun':
      return aliyunClient(settings, world)
    case 'tencent':
      return tencentClient(settings, world)
    case 'twilio':
      return twilioClient(settings, world, `${baseUrl}/hooks/sms/twilio`)
    case 'gateway':
      return gatewayClient(settings, world)
    case 'platform':
      return platformClient(settings, baseUrl, world)
    default:
      return settings satisfies never
  }
}
