import { hmac } from '@noble/hashes/hmac.js'
import { sha1 } from '@noble/hashes/legacy.js'
import * as v from 'valibot'
import { toBase64, utf8 } from '../../../log/encoding.ts'
import type { FaultLog } from '../../../telemetry/log.ts'
import type { Sent, Sms } from '../provider.ts'
import type { Phone, SmsClient, VendorDeps } from './client.ts'
import { ask, byStatus, refusal, type Verdicts, vendorFaults } from './client.ts'
import type { TwilioSettings } from './config.ts'

/** From Twilio's "Error and Warning Dictionary". */
const TWILIO_VERDICTS: Verdicts = {
  21211: 'never', // not a phone number
  21217: 'never',
  21265: 'never', // a short code
  21604: 'never',
  21610: 'never', // the reader has said STOP
  21612: 'never', // no way from our sender to this number
  21614: 'never', // not a mobile
  21617: 'never', // too long
  21635: 'never', // a landline
  30004: 'never',
  30005: 'never',
  30006: 'never',
  30007: 'never', // filtered by the carrier
  14107: 'later',
  20429: 'later',
  20500: 'later',
  20503: 'later',
  30001: 'later',
  63038: 'later', // the account's number of messages a day
  // 20003 (credentials), 20005, 21408 (country not enabled), 21606 (sender), 21608 (trial) and whatever is new: the account's.
}

const Made = v.object({ sid: v.string(), error_code: v.nullish(v.number()) })
const Failed = v.object({ code: v.number() })

/** Twilio Messages 2010-04-01: any number, free text. It knows no duplicate keys; ours comes back with its reports. */
export const twilioClient = (settings: TwilioSettings, world: VendorDeps, reportUrl: string): SmsClient => {
  const faults = vendorFaults('twilio')
  return {
    name: 'twilio',
    faults,
    reaches: () => true,
    has: () => true,
    send: (sms, phone, signal) => send(settings, world, faults, { sms, phone, reportUrl }, signal),
  }
}

interface Outgoing {
  sms: Sms
  phone: Phone
  reportUrl: string
}

const send = async (
  settings: TwilioSettings,
  world: VendorDeps,
  faults: FaultLog,
  outgoing: Outgoing,
  signal: AbortSignal,
): Promise<Sent> => {
  const { accountSid, apiKey, apiKeySecret } = settings
  const url = `https://api.twilio.com/2010-04-01/Accounts/${accountSid}/Messages.json`
  const headers = {
    authorization: `Basic ${toBase64(utf8(`${apiKey}:${apiKeySecret}`))}`,
    'content-type': 'application/x-www-form-urlencoded',
  }
  const answer = await ask(world.fetch, url, { headers, body: formOf(settings, outgoing), signal })
  return 'body' in answer ? outcomeOf(answer.status, answer.body, faults) : answer
}

const outcomeOf = (status: number, body: unknown, faults: FaultLog): Sent => {
  const failed = v.safeParse(Failed, body)
  if (failed.success && status >= 400 && status < 500) return refusal(TWILIO_VERDICTS, failed.output.code, faults)
  const made = v.safeParse(Made, body)
  if (!made.success || status < 200 || status >= 300) return byStatus(status, faults)
  const { sid, error_code: code } = made.output
  if (code !== null && code !== undefined) return refusal(TWILIO_VERDICTS, code, faults)
  faults.worked()
  return { status: 'accepted', reference: sid }
}

const formOf = ({ messagingServiceSid, from }: TwilioSettings, { sms, phone, reportUrl }: Outgoing): string =>
  new URLSearchParams({
    To: phone.e164,
    Body: sms.text,
    ...(messagingServiceSid === undefined ? { From: from ?? '' } : { MessagingServiceSid: messagingServiceSid }),
    // A report may come before we wrote down the reference.
    StatusCallback: `${reportUrl}?key=${sms.key.replace(':', '-')}`,
  }).toString()

/** `X-Twilio-Signature` of a form post to `url`, as "Validating requests are coming from Twilio" says. */
export const signTwilio = (authToken: string, url: string, fields: Readonly<Record<string, string>>): string => {
  const text = Object.keys(fields)
    .sort()
    .reduce((before, name) => before + name + fields[name], url)
  return toBase64(hmac(sha1, utf8(authToken), utf8(text)))
}
