import * as v from 'valibot'
import { hmacSha256 } from '#sha256'
import { equalSecrets } from '../../../link/token.ts'
import { toBase64url, utf8 } from '../../../log/encoding.ts'
import type { DeliveryReport, Vendor } from '../provider.ts'
import { plainCode } from './client.ts'
import type { SmsSettings } from './config.ts'
import { SIGNATURE, signGateway, TIMESTAMP } from './gateway.ts'
import { signTwilio } from './twilio.ts'

/** A delivery report as it came in. */
interface Posted {
  /** The address as the vendor was given it, with its query. */
  url: string
  /** The part of the path after the vendor's name. */
  secret: string
  header(name: string): string | undefined
  body: string
  /** UTC ms. */
  now: number
}

/** Reads the reports of one vendor: null when they are not the vendor's, `malformed` when they can't be read. */
type ReadReports = (posted: Posted) => DeliveryReport[] | 'malformed' | null

interface ReportDeps {
  baseUrl: string
  /** The secret `tags`. */
  tags: Uint8Array
}

/** By vendor, for those that are configured. */
export const reportReaders = ({ vendors }: SmsSettings, deps: ReportDeps): ReadonlyMap<string, ReadReports> =>
  new Map(
    vendors.flatMap((settings): [Vendor, ReadReports][] => {
      switch (settings.vendor) {
        case 'aliyun':
          return [['aliyun', behindSecret('aliyun', deps, fromAliyun)]]
        case 'tencent':
          return [['tencent', behindSecret('tencent', deps, fromTencent)]]
        case 'twilio':
          return [['twilio', twilioReader(settings.authToken)]]
        case 'gateway':
          return [['gateway', gatewayReader(settings.secret)]]
        // Its answer is all that it says.
        case 'platform':
          return []
        default:
          return settings satisfies never
      }
    }),
  )

/** These vendors sign nothing. */
const behindSecret = (vendor: Vendor, { tags }: ReportDeps, read: (body: string) => ReturnType<ReadReports>) => {
  const secret = reportSecret(tags, vendor)
  return (posted: Posted) => (equalSecrets(posted.secret, secret) ? read(posted.body) : null)
}

/** One that can't be read is left out: for its sake the vendor would send the others again. */
const list =
  <T>(schema: v.GenericSchema<unknown, T>, report: (item: T) => DeliveryReport) =>
  (body: string): DeliveryReport[] | 'malformed' => {
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), v.array(v.unknown())), body)
    if (!parsed.success) return 'malformed'
    return parsed.output.flatMap(each => {
      const item = v.safeParse(schema, each)
      return item.success ? [report(item.output)] : []
    })
  }

const name = v.pipe(v.string(), v.minLength(1), v.maxLength(200))

/** "SmsReport" of help.aliyun.com. */
const fromAliyun = list(
  v.object({ success: v.boolean(), err_code: v.optional(v.string()), biz_id: name, out_id: v.optional(name) }),
  ({ success, err_code, biz_id, out_id }) => ({
    reference: biz_id,
    key: out_id,
    ...(success ? delivered : undelivered(err_code)),
  }),
)

/** "短信下发状态通知" of cloud.tencent.com. */
const fromTencent = list(
  v.object({ report_status: v.picklist(['SUCCESS', 'FAIL']), errmsg: v.optional(v.string()), sid: name }),
  ({ report_status, errmsg, sid }) => ({
    reference: sid,
    ...(report_status === 'SUCCESS' ? delivered : undelivered(errmsg)),
  }),
)

const delivered = { status: 'delivered' } as const
const undelivered = (code: string | undefined) =>
  ({ status: 'undelivered', reason: plainCode(code ?? 'unknown') }) as const

/** "Track the Message Status of Outbound Messages" of twilio.com. Sent and queued are no news. */
const STATUS: Readonly<Record<string, DeliveryReport['status']>> = {
  delivered: 'delivered',
  read: 'delivered',
  undelivered: 'undelivered',
  failed: 'undelivered',
  canceled: 'undelivered',
}

const twilioReader =
  (authToken: string): ReadReports =>
  ({ url, header, body }) => {
    const fields = Object.fromEntries(new URLSearchParams(body))
    if (!equalSecrets(header('x-twilio-signature') ?? '', signTwilio(authToken, url, fields))) return null
    const { MessageSid, MessageStatus = '', ErrorCode } = fields
    const status = Object.hasOwn(STATUS, MessageStatus) ? STATUS[MessageStatus] : undefined
    if (!MessageSid || !status) return []
    const key = keyIn(url)
    return [{ reference: MessageSid, key, ...(status === 'delivered' ? delivered : undelivered(ErrorCode)) }]
  }

/** The dash of an address is the colon of a key. */
const keyIn = (url: string): string | undefined => new URL(url).searchParams.get('key')?.replace('-', ':')

/** Longer ago it may be a replay, and clocks differ. */
const TOLERANCE_MS = 300_000

const fromGateway = list(
  v.object({
    key: v.optional(name),
    reference: v.optional(name),
    status: v.picklist(['delivered', 'undelivered']),
    reason: v.optional(v.string()),
  }),
  ({ key, reference, status, reason }) => ({
    key,
    reference,
    ...(status === 'delivered' ? delivered : undelivered(reason)),
  }),
)

const gatewayReader =
  (secret: string): ReadReports =>
  ({ header, body, now }) => {
    const timestamp = header(TIMESTAMP) ?? ''
    if (!equalSecrets(header(SIGNATURE) ?? '', signGateway(secret, timestamp, body))) return null
    if (!(Math.abs(Number(timestamp) * 1000 - now) <= TOLERANCE_MS)) return null
    return fromGateway(body)
  }

const DOMAIN = 'tousu sms reports v1 '
const BYTES = 16

/**
 * The last part of the address that a vendor's delivery reports go to, where the vendor signs nothing: 22 characters
 * that can't be guessed, derived from the secret `tags`. A holder of it can report that a message did not arrive.
 */
export const reportSecret = (tags: Uint8Array, vendor: string): string =>
  toBase64url(hmacSha256(tags, utf8(DOMAIN + vendor)).subarray(0, BYTES))
