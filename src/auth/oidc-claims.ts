import * as v from 'valibot'
import type { Session } from '../ledger/port.ts'
import type { OidcSettings } from './settings.ts'

/** The most trusted first: of several roles in a list, that is the one that counts. */
const ROLES = ['supervisor', 'platform', 'merchant'] as const

const Roles = v.pipe(
  v.union([v.string(), v.array(v.string())]),
  v.transform(said => ROLES.find(role => [said].flat().includes(role))),
  v.picklist(ROLES),
)
/** It will stand in steps that nobody can change: letters and what stands in people's names (买买提·阿依古丽, 李娜（客服）). */
const Name = v.pipe(v.string(), v.trim(), v.regex(/^[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N} ._@'’·,()（）-]{0,99}$/u))
const Merchant = v.pipe(v.string(), v.regex(/^[\p{L}\p{N}._:-]{1,64}$/u))

/** Who this is here. Null for a role that we don't know, a merchant's person without a merchant, or nobody's name. */
export const personFrom = (
  claims: Readonly<Record<string, unknown>>,
  issuer: string,
  names: OidcSettings['claims'],
): Omit<Session, 'createdAt' | 'expiresAt'> | null => {
  const role = v.safeParse(Roles, claims[names.role])
  const name = v.safeParse(Name, claims[names.name])
  if (!role.success || !name.success || typeof claims.sub !== 'string') return null
  const person = { subject: subjectOf(issuer, claims.sub), role: role.output, name: name.output }
  if (person.role !== 'merchant') return person
  const merchant = v.safeParse(Merchant, claims[names.merchant])
  return merchant.success ? { ...person, merchant: merchant.output } : null
}

/** A subject is known within its issuer alone (OpenID Connect Core, 2). */
export const subjectOf = (issuer: string, sub: string): string => `${issuer} ${sub}`
