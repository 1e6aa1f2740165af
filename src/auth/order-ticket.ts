import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import {
  createRemoteJWKSet,
  EncryptJWT,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtDecrypt,
  jwtVerify,
  SignJWT,
} from 'jose'
import { equalSecrets } from '../link/constant-time.ts'
import { SIGNATURE_ALGORITHMS } from './access-token.ts'

const LONGEST_SECONDS = 3600
/** The clocks of a shop and ours are never quite the same. */
const TOLERANCE_SECONDS = 60
/** How long somebody may write: photos are taken at home in the evening. */
const FORM_HOURS = 12

/** Who signs the tickets of the shops' order pages: a key set of its own, or the identity provider's. */
export interface TicketSettings {
  issuer: string
  jwksUri: string
}

interface TicketDeskOptions {
  issuer: string
  /** Ours: a ticket for another server is none here. */
  audience: string
  /** The keys of the platform's shops; a demo has a key of its own. */
  keys: JWTVerifyGetKey | 'demo'
  secret: Uint8Array
  clock: { now(): number }
}
/** A demo signs for its own shop; elsewhere the platform's keys count, and without them there is no form. */
export const openOrderTickets = (options: {
  demo?: boolean | undefined
  tickets?: TicketSettings | undefined
  baseUrl: string
  secret: Uint8Array
  clock: { now(): number }
}) => {
  const { demo, tickets, baseUrl: audience, secret, clock } = options
  if (demo) return orderTickets({ issuer: 'demo shop', audience, keys: 'demo', secret, clock })
  if (!tickets) return undefined
  const keys = createRemoteJWKSet(new URL(tickets.jwksUri))
  return orderTickets({ issuer: tickets.issuer, audience, keys, secret, clock })
}

type Refused = 'expired' | 'foreign' | 'silent'
type Opened = { claims: Record<string, unknown>; jti: string; form: string } | { refused: Refused }

/** The platform's keys could not be asked for: nothing is known of the ticket. */
class KeysSilent extends Error {}

/** Errors that say something of a ticket; any other is one of the key set. */
const OF_TICKET = [errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys, errors.JOSENotSupported]

const heard =
  (keys: JWTVerifyGetKey): JWTVerifyGetKey =>
  async (header, token) => {
    try {
      return await keys(header, token)
    } catch (error) {
      if (OF_TICKET.some(kind => error instanceof kind)) throw error
      console.error('tickets: the platform’s keys cannot be asked for')
      throw new KeysSilent()
    }
  }

const reasonOf = (error: unknown): Refused => {
  if (error instanceof KeysSilent) return 'silent'
  return error instanceof errors.JWTExpired ? 'expired' : 'foreign'
}

/**
 * Tickets of the shop's order page: JWTs (RFC 7519) that name an order and its buyer, for at most an hour. What was opened in
 * time goes into the form as `form`, sealed: nothing of the buyer stands in the page, and whoever writes for long loses nothing.
 */
export const orderTickets = (options: TicketDeskOptions) => {
  const { issuer, audience, clock, keys, secret } = options
  const keyOf = (use: string) => hmac(sha256, secret, new TextEncoder().encode(use))
  const sealing = keyOf('tousu ticket form v1')
  const demoKey = keyOf('tousu demo shop v1')
  const checks = () => ({
    issuer,
    audience,
    currentDate: new Date(clock.now()),
    clockTolerance: TOLERANCE_SECONDS,
    requiredClaims: ['exp', 'jti'],
  })

  const fromShop = async (ticket: string): Promise<JWTPayload> => {
    const { payload } =
      keys === 'demo'
        ? await jwtVerify(ticket, demoKey, { ...checks(), algorithms: ['HS256'] })
        : await jwtVerify(ticket, heard(keys), { ...checks(), algorithms: SIGNATURE_ALGORITHMS })
    return payload
  }
  const fromForm = async (form: string): Promise<JWTPayload> => {
    const algorithms = { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] }
    return (await jwtDecrypt(form, sealing, { ...checks(), ...algorithms })).payload
  }
  const seal = (payload: JWTPayload): Promise<string> =>
    new EncryptJWT({ ...payload, exp: seconds(clock.now()) + FORM_HOURS * 3600 })
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .encrypt(sealing)

  return {
    /** Opens a ticket of a shop, or a form that was drawn for one. */
    open: async (text: string): Promise<Opened> => {
      const sealed = text.split('.').length === 5
      try {
        const payload = await (sealed ? fromForm(text) : fromShop(text))
        const { jti = '', exp = 0 } = payload
        const latest = seconds(clock.now()) + LONGEST_SECONDS + TOLERANCE_SECONDS
        if (!sealed && exp > latest) return { refused: 'foreign' }
        return { claims: payload, jti, form: sealed ? text : await seal(payload) }
      } catch (error) {
        return { refused: reasonOf(error) }
      }
    },
    /** A word for the form's address: whoever sends it was shown a form lately, and may send files. Says nothing of whom. */
    uploadToken: (): string => {
      const until = String(seconds(clock.now()) + FORM_HOURS * 3600)
      return `${until}.${tagOf(keyOf('tousu ticket permit v1'), until)}`
    },
    verifyUploadToken: (text: string): boolean => {
      const [until = '', tag = ''] = text.split('.')
      return equalSecrets(tag, tagOf(keyOf('tousu ticket permit v1'), until)) && seconds(clock.now()) < Number(until)
    },
    /** A demo's shop issues its tickets here; elsewhere nobody does. */
    ...(keys === 'demo' && {
      issue: (claims: Record<string, unknown>, over: { aud?: string; seconds?: number } = {}): Promise<string> =>
        new SignJWT({ jti: crypto.randomUUID(), ...claims })
          .setProtectedHeader({ alg: 'HS256' })
          .setIssuer(issuer)
          .setAudience(over.aud ?? audience)
          .setExpirationTime(seconds(clock.now()) + (over.seconds ?? LONGEST_SECONDS))
          .sign(demoKey),
    }),
  }
}

const seconds = (at: number): number => Math.floor(at / 1000)

const tagOf = (key: Uint8Array, text: string): string =>
  [...hmac(sha256, key, new TextEncoder().encode(text)).slice(0, 12)]
    .map(byte => byte.toString(16).padStart(2, '0'))
    .join('')
