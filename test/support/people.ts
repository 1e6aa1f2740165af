import { toBase64url } from '../../src/log/encoding.ts'
import { hashKey } from '../../src/routes/authenticate.ts'
import { type Deps, registryLedger } from '../../src/routes/deps.ts'
import { hostCookie, SESSION_MS, type Person as WhoIs } from '../../src/routes/signin/session.ts'
import type { Reply, TestHost, TestServer } from './server.ts'

/** Who works in the test houses; their keys are in server.ts. */
const PEOPLE = {
  merchant: { subject: 'idp li-na', role: 'merchant', merchant: 'm1', name: '李娜' },
  other: { subject: 'idp chen', role: 'merchant', merchant: 'm2', name: '小陈' },
  platform: { subject: 'idp a17', role: 'platform', name: 'A17' },
  supervisor: { subject: 'idp s01', role: 'supervisor', name: 'S01' },
} as const satisfies Record<string, WhoIs>

/** What a browser with a session sends. */
export class Signed {
  readonly cookie: string
  readonly #house: TestServer
  readonly #origin: string
  constructor(house: TestServer, origin: string, cookie: string) {
    this.#house = house
    this.#origin = origin
    this.cookie = cookie
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Reply> {
    return this.#house.get(path, { Cookie: this.cookie, Accept: 'text/html', ...headers })
  }

  /** As a form of our own page posts it; a FormData goes as multipart. */
  post(path: string, fields: Record<string, string> | FormData, headers: Record<string, string> = {}): Promise<Reply> {
    const body = fields instanceof FormData ? fields : new URLSearchParams(fields)
    const own = { Origin: this.#origin, 'Sec-Fetch-Site': 'same-origin' }
    return this.#house.send(path, body, { Cookie: this.cookie, Accept: 'text/html', ...own, ...headers })
  }
}

/** Somebody of this role with an open session, on either host; `over` changes who it is. */
export const signIn = async (
  house: TestServer<TestHost & { deps: Deps }>,
  who: keyof typeof PEOPLE,
  over: Partial<WhoIs> = {},
): Promise<Signed> => {
  const { deps } = house.door
  const id = toBase64url(crypto.getRandomValues(new Uint8Array(32)))
  const now = house.door.now()
  const session = { ...PEOPLE[who], ...over, createdAt: now, expiresAt: now + SESSION_MS }
  await registryLedger(deps).registry.openSession(hashKey(id), session)
  return new Signed(house, new URL(deps.baseUrl).origin, `${hostCookie(deps, 'session')}=${id}`)
}
