import { type JWTVerifyGetKey, jwtVerify } from 'jose'
import * as v from 'valibot'
import type { Credential } from '../ledger/contract/registry.ts'

const Claims = v.object({
  sub: v.pipe(v.string(), v.minLength(1)),
  role: v.picklist(['platform', 'supervisor', 'merchant']),
  merchant_id: v.optional(v.string()),
})

/** The signature algorithms of all JWTs that are taken from outside; never the one that a token asks for. */
export const SIGNATURE_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519']

/** Verifies access tokens (JWT) of the platform's identity provider. Null for any token that fails a check. */
export const identityReader =
  ({ issuer, audience }: { issuer: string; audience: string }, keys: JWTVerifyGetKey) =>
  async (jwt: string): Promise<Credential | null> => {
    try {
      const { payload } = await jwtVerify(jwt, keys, {
        issuer,
        audience,
        algorithms: SIGNATURE_ALGORITHMS,
        requiredClaims: ['exp'],
      })
      const { sub, role, merchant_id } = v.parse(Claims, payload)
      if (role === 'merchant' && !merchant_id) return null
      return { role, name: `${issuer} ${sub}`, ...(role === 'merchant' && { merchant: merchant_id }) }
    } catch {
      return null
    }
  }
