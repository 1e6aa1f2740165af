/** The identity provider by which people sign in, and what its claims are called. */
export interface OidcSettings {
  issuer: string
  clientId: string
  /** None: a public client, which PKCE alone protects. */
  clientSecret: string | undefined
  scope: string
  claims: { role: string; merchant: string; name: string }
}

/** A setting that is missing or malformed; the message names it, and never shows it. */
export class SettingError extends Error {}

type Env = Readonly<Record<string, unknown>>

const text = (env: Env, name: string): string | undefined => {
  const value = env[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** On the way to the provider, only https keeps a secret; loopback is for tests and first steps. */
const isSafe = (issuer: string): boolean =>
  URL.canParse(issuer) &&
  (issuer.startsWith('https://') || /^http:\/\/(localhost|127\.0\.0\.1)(:\d+)?(\/|$)/.test(issuer))

/** Undefined where no provider is set. */
export const readOidc = (env: Env): OidcSettings | undefined => {
  const issuer = text(env, 'TOUSU_OIDC_ISSUER')
  if (issuer === undefined) return undefined
  if (!isSafe(issuer)) throw new SettingError('TOUSU_OIDC_ISSUER is not like https://id.example.cn')
  const clientId = text(env, 'TOUSU_OIDC_CLIENT_ID')
  if (clientId === undefined) throw new SettingError('TOUSU_OIDC_CLIENT_ID is missing')
  return {
    issuer,
    clientId,
    clientSecret: text(env, 'TOUSU_OIDC_CLIENT_SECRET'),
    scope: text(env, 'TOUSU_OIDC_SCOPE') ?? 'openid profile',
    claims: {
      role: text(env, 'TOUSU_OIDC_ROLE_CLAIM') ?? 'role',
      merchant: text(env, 'TOUSU_OIDC_MERCHANT_CLAIM') ?? 'merchant',
      name: text(env, 'TOUSU_OIDC_NAME_CLAIM') ?? 'preferred_username',
    },
  }
}

/** Who signs the tickets of the shops' order pages: a key set of its own, or the identity provider's. */
export interface TicketSettings {
  issuer: string
  jwksUri: string
}

export const readTickets = (env: Env): TicketSettings | undefined => {
  const issuer = text(env, 'TOUSU_TICKET_ISSUER') ?? text(env, 'TOUSU_ISSUER')
  const own = text(env, 'TOUSU_TICKET_JWKS_URI')
  if (own === undefined) {
    const jwksUri = text(env, 'TOUSU_JWKS_URI')
    return issuer !== undefined && jwksUri !== undefined ? { issuer, jwksUri } : undefined
  }
  if (!isSafe(own)) throw new SettingError('TOUSU_TICKET_JWKS_URI is not like https://id.example.cn/jwks.json')
  if (issuer === undefined) throw new SettingError('TOUSU_TICKET_ISSUER is missing')
  return { issuer, jwksUri: own }
}
