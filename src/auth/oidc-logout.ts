import { type JWTVerifyGetKey, jwtVerify } from 'jose'
import * as v from 'valibot'
import { subjectOf } from './oidc-claims.ts'

const LOGOUT = 'http://schemas.openid.net/event/backchannel-logout'
/** A logout token is no ID token: it has that event and never a nonce. */
const Logout = v.object({
  sub: v.pipe(v.string(), v.minLength(1)),
  jti: v.string(),
  events: v.looseObject({ [LOGOUT]: v.looseObject({}) }),
  nonce: v.optional(v.never()),
})

/** Whom a logout token names (OpenID Connect Back-Channel Logout 1.0, 2.4 and 2.6); null for one that is not wholly right. */
export const readLogout = async (
  token: string,
  { issuer, audience }: { issuer: string; audience: string },
  keys: JWTVerifyGetKey,
): Promise<string | null> => {
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience,
      algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'],
      maxTokenAge: '5 minutes',
      clockTolerance: 30,
    })
    return subjectOf(issuer, v.parse(Logout, payload).sub)
  } catch {
    return null
  }
}
