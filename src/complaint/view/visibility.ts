// Access control for disclosed fields: which audience sees which. A field that no list names is a party's text.

import type { Fields, FieldValue } from '../step.ts'

/** Audiences: the buyer by the SMS link, anyone by a share link, the merchant, the platform. */
export type Reader = 'buyer' | 'share' | 'merchant' | 'platform'
interface SharedParts {
  texts: boolean
  files: boolean
}

const PUBLIC_FIELDS = ['id', 'merchantId', 'merchantName', 'buyerNameMasked', 'officer', 'rule', 'carrier']
const AMOUNT = /Amount$/
const FILE = /^file\d+$/
const RESTRICTED_FIELDS: Readonly<Record<string, readonly Reader[]>> = {
  buyerName: ['buyer', 'platform'],
  // Data minimisation: the buyer knows the number, and another person may hold the phone.
  buyerPhone: ['platform'],
  buyerPhoneMasked: ['buyer', 'merchant', 'platform'],
  orderId: ['buyer', 'merchant', 'platform'],
  operator: ['buyer', 'merchant', 'platform'],
  trackingNo: ['buyer', 'merchant', 'platform'],
  offerReturnTo: ['buyer', 'merchant', 'platform'],
  remedyReturnTo: ['buyer', 'merchant', 'platform'],
}

/** Whether this reader may see this field. A share link shows texts and files only if the buyer chose so. */
export const maySee = (reader: Reader, field: string, shared: SharedParts | null): boolean => {
  if (PUBLIC_FIELDS.includes(field) || AMOUNT.test(field)) return true
  const readers = RESTRICTED_FIELDS[field]
  if (readers) return readers.includes(reader)
  if (reader !== 'share') return true
  return (FILE.test(field) ? shared?.files : shared?.texts) ?? false
}

export const isFile = (field: string): boolean => FILE.test(field)

export const visibleFields = (
  fields: Readonly<Record<string, FieldValue>>,
  reader: Reader,
  shared: SharedParts | null,
): Fields => Object.fromEntries(Object.entries(fields).filter(([name]) => maySee(reader, name, shared)))
