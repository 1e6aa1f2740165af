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
import { hmacSha256 } from '#sha256'
import { equalSecrets } from '../link/token.ts'
import { errorFields, log } from '../telemetry/log.ts'
import { SIGNATURE_ALGORITHMS } from './oidc.ts'

const LONGEST_SECONDS = 3600
/** Clock skew between a shop and this server. */
const TOLERANCE_SECONDS = 60
/** How long a form stays valid: a buyer may take the photos at home in the evening. */
const FORM_HOURS = 12

/** Who signs the tickets of the shops' order pages: a key set of its own, or the identity provider's. */
export interface TicketSettings {
  issuer: string
  jwksUri: string
}

interface OrderTicketOptions {
  issuer: string
  /** This server: a ticket for another one is refused. */
  audience: string
  /** The keys of the platform's shops; a demo signs with a key of its own. */
  keys: JWTVerifyGetKey | 'demo'
  secret: Uint8Array
  clock: { now(): number }
}

/** A demo signs for its own shop; in live mode the platform's keys count, and without them there is no complaint form. */
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

/** The key set could not be fetched, so the ticket is neither valid nor invalid. */
class KeysUnavailable extends Error {}

/** Errors of a ticket; any other error while finding its key is one of the key set. */
const TICKET_ERRORS = [errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys, errors.JOSENotSupported]

const fetchedKeys =
  (keys: JWTVerifyGetKey): JWTVerifyGetKey =>
  async (header, token) => {
    try {
      return await keys(header, token)
    } catch (error) {
      if (TICKET_ERRORS.some(kind => error instanceof kind)) throw error
      log('error', 'keys of the order tickets cannot be fetched', errorFields(error))
      throw new KeysUnavailable()
    }
  }

const reasonOf = (error: unknown): Refused => {
  if (error instanceof KeysUnavailable) return 'silent'
  return error instanceof errors.JWTExpired ? 'expired' : 'foreign'
}

/**
 * Order tickets: JWTs (RFC 7519) by which a shop's order page names an order and its buyer, valid for at most an hour. A
 * ticket that was opened in time goes into the form encrypted (JWE), valid for longer: the page shows nothing of the buyer,
 * and a buyer who writes for long loses nothing.
 */
export const orderTickets = (options: OrderTicketOptions) => {
  const { issuer, audience, clock, keys, secret } = options
  const keyOf = (use: string) => hmacSha256(secret, new TextEncoder().encode(use))
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
        : await jwtVerify(ticket, fetchedKeys(keys), { ...checks(), algorithms: SIGNATURE_ALGORITHMS })
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
    /** Opens a shop's ticket, or the encrypted one of a form. */
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
    /** Capability for uploads, in the form's URL: the sender was shown a form lately. Holds no personal data. */
    uploadToken: (): string => {
      const until = String(seconds(clock.now()) + FORM_HOURS * 3600)
      return `${until}.${tagOf(keyOf('tousu ticket permit v1'), until)}`
    },
    verifyUploadToken: (text: string): boolean => {
      const [until = '', tag = ''] = text.split('.')
      return equalSecrets(tag, tagOf(keyOf('tousu ticket permit v1'), until)) && seconds(clock.now()) < Number(until)
    },
    /** Demo mode alone: issues a ticket, as the shop would. */
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
  [...hmacSha256(key, new TextEncoder().encode(text)).slice(0, 12)]
    .map(byte => byte.toString(16).padStart(2, '0'))
    .join('')
