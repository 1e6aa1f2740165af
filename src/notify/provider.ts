/** What became of handing an SMS over. `reason` is the vendor's code or a word of ours; never a number or a text. */
export type Sent =
  | { status: 'accepted' }
  /** Trying again is no use: a number that does not exist, a text that the vendor forbids. */
  | { status: 'rejected'; reason: string }
  /** Not known to be accepted: no answer, a busy vendor, a limit that passes. It is sent again with the same key. */
  | { status: 'unavailable'; reason: string }

export interface Sms {
  /** As the platform submitted it. */
  to: string
  /** The whole message, signature included. */
  text: string
  /** The same whenever the same message is sent again, so that a repetition is not delivered twice. */
  key: string
}

/** Hands messages over to a vendor. */
export interface SmsProvider {
  name: string
  /**
   * Answers `accepted` only after the vendor took the message; whether it arrives is reported later, if ever. May be
   * called again with a key that was accepted, and then answers `accepted` without sending; where a vendor knows no
   * duplicate keys, it is passed on as the message's reference. Gives up when `signal` aborts. Neither its errors nor
   * its reasons hold the number or the text.
   */
  send(sms: Sms, signal: AbortSignal): Promise<Sent>
}
