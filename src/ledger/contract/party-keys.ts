/** Contract: keys by which merchants and the platform sign what they do. The log introduces them (docs/log.md, sections 4 and 11). */

/** Who registers a key: a person who signed in, by issuer and subject, or a program of the party, without one. */
export interface KeyOwner {
  role: 'merchant' | 'platform' | 'supervisor'
  /** The merchant's id. */
  merchant?: string | undefined
  subject?: string | undefined
}

/** A signature over a claim about keys (`keyClaim` of src/log/party-key.ts). */
export interface SignedByKey {
  key: string
  sig: string
}

export interface PartyKeyLine {
  /** RFC 7638 thumbprint. */
  key: string
  alg: 'ES256' | 'EdDSA'
  role: KeyOwner['role']
  /** What its owner calls the device or program; kept outside the log. Empty where the row was lost. */
  label: string
  /** UTC ms; null where the row was lost. */
  addedAt: number | null
  /** Of the asker: a person's are those that they registered, a program's those of the party's programs. */
  own: boolean
  retired: boolean
  /** Index of the leaf that introduced it. */
  leaf: number
  /** Credential id of a passkey, base64url; null of any other key. */
  credential: string | null
}

export interface PartyKeyList {
  /** Newest first. */
  keys: PartyKeyLine[]
  /** `signing: required`: nothing unsigned counts as the merchant's. */
  required: boolean
  /** What a claim about these keys names: the log's origin, the party, and the newest leaf about the merchant's keys. */
  origin: string
  party: string
  seen: string
}

export interface NewPartyKey {
  x: string
  /** Absent: an Ed25519 key. */
  y?: string | undefined
  label: string
  /** By the key itself: that its owner has it. */
  sig: string
  /** Of a passkey. */
  credential?: string | undefined
  /** By an older key of the party; needed while signatures are required. */
  voucher?: SignedByKey | undefined
}

type RefusedKey =
  | 'key_registered'
  | 'too_many_keys'
  | 'not_found'
  | 'not_yours'
  | 'signature_wrong'
  | 'signature_key'
  | 'signature_head'
  | 'signature_required'
  | 'signing_unchanged'
  | 'read_only'
  | 'clock_behind'
  | 'clock_ahead'
export type KeyChange = { refused: RefusedKey } | { done: true }

/** Answers after the leaf is on disk, as `execute` does. */
export interface PartyKeys {
  /** Keys of a merchant; of the platform and its supervisors together. */
  list(owner: KeyOwner): Promise<PartyKeyList>
  /** Adding a standing key of the same owner again changes nothing. */
  add(owner: KeyOwner, key: NewPartyKey): Promise<KeyChange>
  /** A merchant retires any of its keys; an officer their own; a supervisor and a program of the platform any of these. */
  retire(owner: KeyOwner, key: string, signed?: SignedByKey): Promise<KeyChange>
  /** `signed.seen` of its claim is `seen` of the list. A release may be unsigned, in everybody's sight. */
  require(owner: KeyOwner, required: boolean, signed?: SignedByKey): Promise<KeyChange>
}
