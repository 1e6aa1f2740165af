import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { Provider } from 'oidc-provider'

export const CLIENT = 'tousu'
export const CALLBACK = 'https://t.tousu.example/signin/callback'

/** Who works for the shops and the platform, by what they type at the provider. */
const PEOPLE: Record<string, Record<string, unknown>> = {
  'li-na': { preferred_username: '李娜', role: 'merchant', merchant: 'm1' },
  a17: { preferred_username: 'A17', role: 'platform' },
  b2: { preferred_username: 'A17', role: 'platform' },
  s01: { preferred_username: 'S01', role: ['staff', 'platform', 'supervisor'] },
  intern: { preferred_username: 'I99', role: 'intern' },
  shopless: { preferred_username: '小王', role: 'merchant' },
  nameless: { role: 'platform' },
  forger: { preferred_username: 'A17\n【平台】', role: 'platform' },
}

/** Stands in for the token endpoint: answers the ID token that a test wants instead. */
type TokenDesk = (() => Promise<string>) | null

const listening = (server: Server, port = 0): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })

export const freePort = async (): Promise<number> => {
  const server = createServer()
  const port = await listening(server)
  await new Promise(resolve => server.close(resolve))
  return port
}

/** A real oidc-provider on loopback, whose signing key the tests hold too. */
export const openProvider = async (port: number) => {
  const issuer = `http://127.0.0.1:${port}`
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const jwk = { ...(await exportJWK(privateKey)), kid: 'of-the-provider', alg: 'RS256', use: 'sig' }
  const names = new Map<string, string>()
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT,
        client_secret: 'secret-of-the-client-itself-32-bytes',
        redirect_uris: [CALLBACK],
        post_logout_redirect_uris: ['https://t.tousu.example/signin'],
      },
    ],
    jwks: { keys: [jwk] },
    cookies: { keys: ['a key for cookies'] },
    claims: { openid: ['sub'], profile: ['preferred_username', 'role', 'merchant'] },
    features: { devInteractions: { enabled: true } },
    pkce: { required: () => true },
    findAccount: (_ctx, sub) => ({
      accountId: sub,
      claims: async () => ({ sub, ...PEOPLE[sub], ...(names.has(sub) && { preferred_username: names.get(sub) }) }),
    }),
  })
  let desk: TokenDesk = null
  let userinfo: Record<string, unknown> | null = null
  const own = provider.callback()
  const server = createServer((request, response) => {
    if (request.url === '/token' && desk) void answer(desk, request, response)
    else if (request.url === '/me' && userinfo) {
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(userinfo))
      userinfo = null
    } else void own(request, response)
  })
  await listening(server, port)

  /** Signs as the provider would. */
  const sign = (claims: Record<string, unknown>, header: { typ?: string } = {}) =>
    new SignJWT({ iss: issuer, aud: CLIENT, ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: jwk.kid, ...header })
      .setIssuedAt()
      .sign(privateKey)
  return {
    issuer,
    sign,
    /** From then on the account is called so; its subject stays. */
    rename: (sub: string, name: string) => void names.set(sub, name),
    stageTokens: (next: TokenDesk) => {
      desk = next
    },
    /** Answered once, whatever token asks. */
    stageUserinfo: (next: Record<string, unknown>) => {
      userinfo = next
    },
    close: () => {
      server.closeAllConnections()
      return new Promise(resolve => server.close(resolve))
    },
  }
}
export type TestProvider = Awaited<ReturnType<typeof openProvider>>

const answer = async (desk: () => Promise<string>, request: IncomingMessage, response: ServerResponse) => {
  request.resume()
  const body = { access_token: 'opaque', token_type: 'Bearer', expires_in: 60, id_token: await desk() }
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
}
