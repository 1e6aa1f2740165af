// Fields of a step as readers see them: access control for the disclosed ones, and the public parameters. A disclosed
// field that no list names is a party's text.

import { type Fields, type FieldValue, SIGNED_REQUEST } from '../step.ts'
import { iso } from '../time.ts'

/**
 * Audiences: `buyer`, a browser that is known as the buyer's own; `link`, one that only has the buyer's link, which may have been
 * forwarded; `share`, anyone with a share link; merchant; platform.
 */
export type Reader = 'buyer' | 'link' | 'share' | 'merchant' | 'platform'
interface SharedParts {
  texts: boolean
  files: boolean
}

const UNRESTRICTED_FIELDS = ['id', 'merchantId', 'merchantName', 'buyerNameMasked', 'officer', 'rule', 'carrier']
const AMOUNT = /Amount$/
const FILE = /^file\d+$/
const RESTRICTED_FIELDS: Readonly<Record<string, readonly Reader[]>> = {
  buyerName: ['buyer', 'platform'],
  // Data minimisation: the buyer knows the number, and another person may hold the phone.
  buyerPhone: ['platform'],
  // Its four digits tell the buyer from who was forwarded the link, and from a merchant who was: neither reads them here.
  buyerPhoneMasked: ['buyer', 'platform'],
  orderId: ['buyer', 'merchant', 'platform'],
  operator: ['buyer', 'merchant', 'platform'],
  // Whom a court or the police ask for is not for the parties; that a hold exists stands in the log for all.
  holdReason: ['platform'],
  signedRequest: ['buyer', 'merchant', 'platform'],
  // For those who ask the vendor: the buyer, and a regulator through either.
  smsVendor: ['buyer', 'platform'],
  smsId: ['buyer', 'platform'],
  smsDigest: ['buyer', 'platform'],
  trackingNo: ['buyer', 'merchant', 'platform'],
  offerReturnTo: ['buyer', 'merchant', 'platform'],
  remedyReturnTo: ['buyer', 'merchant', 'platform'],
}

/** Whether this reader may see this field. A share link shows texts and files only if the buyer chose so. */
export const maySee = (reader: Reader, field: string, shared: SharedParts | null): boolean => {
  if (UNRESTRICTED_FIELDS.includes(field) || AMOUNT.test(field)) return true
  const readers = RESTRICTED_FIELDS[field]
  if (readers) return readers.includes(reader === 'link' && field !== 'buyerPhoneMasked' ? 'buyer' : reader)
  if (reader !== 'share') return true
  return (FILE.test(field) ? shared?.files : shared?.texts) ?? false
}

export const isFile = (field: string): boolean => FILE.test(field)

/** SHA-256 of the file that a field of a step names, and of its thumbnail where it has one. */
export const hashesIn = (value: FieldValue | undefined): string[] => {
  if (typeof value !== 'object' || typeof value.sha256 !== 'string') return []
  const { sha256, thumb } = value
  return typeof thumb === 'object' && typeof thumb.sha256 === 'string' ? [sha256, thumb.sha256] : [sha256]
}

export const visibleFields = (
  fields: Readonly<Record<string, FieldValue>>,
  reader: Reader,
  shared: SharedParts | null,
): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => name !== SIGNED_REQUEST && maySee(reader, name, shared)))

type PublicValue = string | number | boolean | object | null | undefined

const HIDDEN = ['lapses', 'm', 'signed', 'cites']
const INSTANTS = ['by', 'due', 'firstDue', 'until']

/**
 * The public parameters of a step (`p` of its leaf) as readers see them: instants as ISO 8601, the name of a desk
 * decoded. The tracking page and the verifier both use it, so that they never disagree. Left out are `lapses`, of which a
 * reader sees the lapse itself, `signed` and `cites`, which are members of the step itself, and `m`, the tag of a merchant whose id is disclosed. Throws for a leaf that is well-formed but says what no step does.
 */
export const publicFields = (p: object): Fields =>
  Object.fromEntries(
    Object.entries(p).flatMap(([name, value]) => (HIDDEN.includes(name) ? [] : [[name, publicField(name, value)]])),
  )

const publicField = (name: string, value: PublicValue): FieldValue | undefined => {
  if (value === null) return undefined
  if (typeof value === 'object') return publicFields(value)
  if (typeof value === 'number' && INSTANTS.includes(name)) return iso(value)
  return name === 'desk' && typeof value === 'string' ? decodeURIComponent(value) : value
}
