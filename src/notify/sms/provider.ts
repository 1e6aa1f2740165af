import type { Locale } from '../../complaint/words.ts'
import type { LinkMode, Variant, Vendor } from './catalogue.ts'

/**
 * What a vendor says later of a message that it took: a hint, which moves no complaint. `undelivered` takes back a
 * notice that was counted. Pass it to `ledger.outbox.recordReport`; a report with a reference alone goes to every shard.
 */
export type { Report as DeliveryReport } from '../../ledger/contract/outbox.ts'
export type { Vendor } from './catalogue.ts'

/** What became of handing an SMS over. `reason` is the vendor's code or a word of ours; never a number or a text. */
export type Sent =
  /** `reference`: the vendor's own number of the message, which its delivery report will name. `vendor`: where it is another than `name`. */
  | { status: 'accepted'; reference?: string; vendor?: Vendor }
  /** Trying again is no use: a number that does not exist, a text that the vendor forbids. */
  | { status: 'rejected'; reason: string }
  /** Not known to be accepted: no answer, a busy vendor, a limit that passes. It is sent again with the same key. */
  | { status: 'unavailable'; reason: string }

/**
 * One message, twice: as a text, for vendors that take any text, and as a template with its values, for those that
 * send by template code alone. A template is registered with a vendor once for each variant, language and link mode;
 * `templateText(template, locale, mode, baseUrl)` of catalogue.ts gives its text, without the
 * signature, with `{name}` where a value goes; the language's `signature` (`src/i18n/sms.ts`) stands in 【】.
 */
export interface Sms {
  /** As the platform submitted it. */
  to: string
  /** The whole message, signature included. */
  text: string
  /**
   * The same whenever the same message is sent again, so that a repetition is not delivered twice: `ID:ROW`, the
   * complaint's ten characters and a number. The first two characters name the shard.
   */
  key: string
  /** The order's id, by which the platform knows its buyer; absent where it was erased, and for others than buyers. */
  order?: string | undefined
  /** Variant of the catalogue, as `merchant_responded.offer`. */
  template: string
  /**
   * Its values, in the order in which the text in this language and mode uses them. A link is the
   * site's address, which is part of the registered text, and `/t/{token}`: only the token is a value, as vendors demand.
   */
  params: Record<string, string>
  locale: Locale
  mode: LinkMode
}

/** Hands messages over to a vendor. */
export interface SmsProvider {
  name: Vendor
  /**
   * Answers `accepted` only after the vendor took the message; whether it arrives is reported later, if ever. May be
   * called again with a key that was accepted, and then answers `accepted` without sending; where a vendor knows no
   * duplicate keys, it is passed on as the message's reference. A variant that names other vendors alone is `rejected`
   * by this one with the reason `template`. Gives up when `signal` aborts. Neither its errors nor its reasons hold the
   * number or the text.
   */
  send(sms: Sms, signal: AbortSignal): Promise<Sent>
  /** Whether it can send this variant in this language, where that depends on more than its `name`. */
  takes?(variant: Variant, locale: Locale): boolean
}
