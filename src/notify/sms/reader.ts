import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { barePhone } from '../../link/phone.ts'
import { toBase64url, utf8 } from '../../log/encoding.ts'

/** A keyed tag of a phone, however it is written: counts what one reader gets, and tells nobody the number. */
export const phoneTag = (phone: string, secret: Uint8Array): string =>
  toBase64url(hmac(sha256, secret, utf8(`tousu reader v1\n${barePhone(phone)}`)).subarray(0, 16))
