import { createRemoteJWKSet, EncryptJWT, type JWTVerifyGetKey, jwtDecrypt, jwtVerify } from 'jose'
import * as client from 'openid-client'
import * as v from 'valibot'
import { hmacSha256 } from '#sha256'
import { isOverstacked, isVisible, plainName } from '../complaint/words.ts'
import type { Credential, Session } from '../ledger/contract/registry.ts'
import { log } from '../telemetry/log.ts'

/** The identity provider by which people sign in, and what its claims are called. */
export interface OidcSettings {
  issuer: string
  clientId: string
  /** None: a public client, which PKCE alone protects. */
  clientSecret: string | undefined
  scope: string
  claims: { role: string; merchant: string; name: string }
}

const SECONDS_TO_SIGN_IN = 600
const TIMEOUT_SECONDS = 10

/** Login state, kept in the browser as an encrypted cookie: only the browser that began a sign-in can finish it (login CSRF). */
const LoginState = v.object({ state: v.string(), nonce: v.string(), verifier: v.string(), to: v.string() })
type LoginState = v.InferOutput<typeof LoginState>

type Failure = 'unreachable' | 'stale' | 'denied' | 'refused' | 'no_role'
type LoginResult =
  | { person: Omit<Session, 'createdAt' | 'expiresAt'>; to: string }
  /** `code` is for the log: an error code of the protocol, no personal data. */
  | { failed: Failure; code: string }

/**
 * OpenID Connect Core 1.0: authorization code flow with PKCE, state and nonce. The ID token's signature is checked, though
 * it came over TLS. `secret` encrypts the login state. Runs on any host: it needs fetch and WebCrypto alone.
 */
export const oidcClient = (settings: OidcSettings, baseUrl: string, secret: Uint8Array) => {
  const key = hmacSha256(secret, new TextEncoder().encode('tousu sign-in v1'))
  const callback = `${baseUrl}/signin/callback`
  const provider = providerOf(settings)
  return {
    /** The URL to send the browser to, and the login state to keep there; null while the provider can't be reached. */
    startLogin: async (to: string): Promise<{ url: string; state: string; kept: string } | null> => {
      const known = await provider.known()
      if (!known) return null
      const login: LoginState = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
        to,
      }
      const url = client.buildAuthorizationUrl(known, {
        redirect_uri: callback,
        scope: settings.scope,
        state: login.state,
        nonce: login.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(login.verifier),
        code_challenge_method: 'S256',
      })
      return { url: url.href, state: login.state, kept: await seal(login, key) }
    },
    /** `query` as the provider redirected the browser with it, `sealed` as `startLogin` gave it. */
    finishLogin: async (query: string, sealed: string): Promise<LoginResult> => {
      const login = await unseal(sealed, key)
      if (!login) return { failed: 'stale', code: 'no_login_state' }
      const known = await provider.known()
      if (!known) return { failed: 'unreachable', code: 'discovery' }
      try {
        const claims = await claimsOf(known, new URL(callback + query), login, settings)
        const person = personFrom(claims, known.serverMetadata().issuer, settings.claims)
        return person ? { person, to: login.to } : { failed: 'no_role', code: 'claims' }
      } catch (error) {
        return failureOf(error)
      }
    },
    /** Back-channel logout: the subject of a logout token, or null for a token that fails a check. */
    loggedOut: async (token: string): Promise<string | null> => {
      const known = await provider.known()
      if (!known) return null
      const { issuer } = known.serverMetadata()
      return readLogout(token, { issuer, audience: settings.clientId }, provider.keys(known))
    },
    /** RP-initiated logout: where the provider's own session can be ended, if it has such an endpoint. */
    endUrl: async (): Promise<string | null> => {
      const known = await provider.known()
      if (!known?.serverMetadata().end_session_endpoint) return null
      return client.buildEndSessionUrl(known, { post_logout_redirect_uri: `${baseUrl}/signin` }).href
    },
  }
}

/** Discovery: when first needed, and again after a failure. No promise is shared: on Workers a request can't await another's. */
const providerOf = ({ issuer, clientId, clientSecret }: OidcSettings) => {
  let configuration: client.Configuration | null = null
  let keys: JWTVerifyGetKey | null = null
  const options: client.DiscoveryRequestOptions = {
    timeout: TIMEOUT_SECONDS,
    execute: [client.enableNonRepudiationChecks, ...(issuer.startsWith('http:') ? [client.allowInsecureRequests] : [])],
  }
  const known = async (): Promise<client.Configuration | null> => {
    if (configuration) return configuration
    const authentication = clientSecret === undefined ? client.None() : client.ClientSecretBasic(clientSecret)
    try {
      configuration = await client.discovery(new URL(issuer), clientId, undefined, authentication, options)
    } catch (error) {
      log('error', 'identity provider cannot be asked', { code: codeOf(error) })
    }
    return configuration
  }
  return {
    known,
    keys: (of: client.Configuration) => {
      keys ??= createRemoteJWKSet(new URL(of.serverMetadata().jwks_uri ?? ''))
      return keys
    },
  }
}

/** The ID token's claims; the userinfo endpoint's too, where those lack a role or a name. */
const claimsOf = async (known: client.Configuration, url: URL, login: LoginState, { claims: names }: OidcSettings) => {
  const tokens = await client.authorizationCodeGrant(known, url, {
    pkceCodeVerifier: login.verifier,
    expectedState: login.state,
    expectedNonce: login.nonce,
  })
  const claims = tokens.claims()
  if (!claims) throw new client.ClientError('no ID token')
  const { issuer, userinfo_endpoint } = known.serverMetadata()
  if (personFrom(claims, issuer, names) || !userinfo_endpoint) return claims
  return { ...(await client.fetchUserInfo(known, tokens.access_token, claims.sub)), ...claims }
}

const failureOf = (error: unknown): LoginResult => {
  const code = codeOf(error)
  if (error instanceof client.AuthorizationResponseError) {
    return { failed: error.error === 'access_denied' ? 'denied' : 'refused', code }
  }
  const unreachable = error instanceof TypeError || code === 'OAUTH_TIMEOUT' || code === 'temporarily_unavailable'
  return { failed: unreachable ? 'unreachable' : 'refused', code }
}

/** An error code of the protocol or of the library. Log injection: text that a browser sent in its place is not logged. */
const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'unknown'
  const code = 'error' in error ? error.error : 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^[A-Za-z_.-]{1,60}$/.test(code) ? code : 'unknown'
}

const seal = (login: LoginState, key: Uint8Array): Promise<string> =>
  new EncryptJWT({ ...login })
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
    .setExpirationTime(`${SECONDS_TO_SIGN_IN} s`)
    .encrypt(key)

const unseal = async (sealed: string, key: Uint8Array): Promise<LoginState | null> => {
  try {
    const { payload } = await jwtDecrypt(sealed, key, {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
      requiredClaims: ['exp'],
    })
    return v.parse(LoginState, payload)
  } catch {
    return null
  }
}

/** The most trusted role first: of several in a list, the first of these counts. */
const ROLES = ['supervisor', 'platform', 'merchant'] as const

const Roles = v.pipe(
  v.union([v.string(), v.array(v.string())]),
  v.transform(claimed => ROLES.find(role => [claimed].flat().includes(role))),
  v.picklist(ROLES),
)
/** The name stands in steps that can't be changed: letters, and the marks of people's names (买买提·阿依古丽, 李娜（客服）). */
const Name = v.pipe(
  v.string(),
  v.trim(),
  v.regex(/^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._@'’·,()（）-]{0,99}$/u),
  v.transform(plainName),
  v.check(name => isVisible(name) && !isOverstacked(name)),
)
const Merchant = v.pipe(v.string(), v.regex(/^[\p{L}\p{N}._:-]{1,64}$/u))

/** Maps claims to a session. Null for an unknown role, for a merchant's person without a merchant, or without a valid name. */
const personFrom = (
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

/** A subject is unique within its issuer alone (OpenID Connect Core, 2). */
const subjectOf = (issuer: string, sub: string): string => `${issuer} ${sub}`

const LOGOUT = 'http://schemas.openid.net/event/backchannel-logout'
/** Token confusion: a logout token has this event and no nonce, so no ID token is taken for one. */
const Logout = v.object({
  sub: v.pipe(v.string(), v.minLength(1)),
  jti: v.string(),
  events: v.looseObject({ [LOGOUT]: v.looseObject({}) }),
  nonce: v.optional(v.never()),
})

/** The subject of a logout token (OpenID Connect Back-Channel Logout 1.0, 2.4 and 2.6); null for one that fails a check. */
const readLogout = async (
  token: string,
  { issuer, audience }: { issuer: string; audience: string },
  keys: JWTVerifyGetKey,
): Promise<string | null> => {
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience,
      algorithms: SIGNATURE_ALGORITHMS,
      maxTokenAge: '5 minutes',
      clockTolerance: 30,
    })
    return subjectOf(issuer, v.parse(Logout, payload).sub)
  } catch {
    return null
  }
}

// Access tokens, by which programs call the API.

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
