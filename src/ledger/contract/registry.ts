/** Contract: API keys, sessions and rate limits, kept in shard 0. None of it is in the log. */

import type { IncidentNews } from '../../complaint/view/incidents.ts'

/** A signed-in person. `subject` is issuer and subject of the identity provider; `name` stands in what they write. */
export interface Session {
  subject: string
  role: 'merchant' | 'platform' | 'supervisor'
  merchant?: string | undefined
  name: string
  /** UTC ms. */
  createdAt: number
  expiresAt: number
}

/** Role and name that an API key stands for. */
export interface Credential {
  role: 'platform' | 'supervisor' | 'merchant'
  merchant?: string | undefined
  name: string
}

/** An API key as its owner sees it. `id` is its SHA-256; the key itself is shown once. */
export interface ApiKey {
  id: string
  name: string
  createdAt: number
}

export interface Registry {
  /** What was said of incidents, oldest first: the newest thousand. */
  incidents(): Promise<IncidentNews[]>
  /** Rejects on a fork. Answers it with its instant. */
  declareIncident(news: Omit<IncidentNews, 'at'>): Promise<IncidentNews>
  /** The shards of a merchant: its home, then those that took its complaints once earlier ones were closed; none before `addShard`. */
  shardsOf(merchant: string): Promise<number[]>
  /** The first one is the merchant's home for good. Answers all of them. Rejects on a fork. */
  addShard(merchant: string, shard: number): Promise<number[]>
  /** The credential of the API key with this hash; null if it is unknown or revoked. */
  credential(keyHash: string): Promise<Credential | null>
  /** Changes nothing if the hash is known, even if revoked. Rejects on a fork. */
  addCredential(keyHash: string, credential: Credential): Promise<void>
  keys(merchant: string): Promise<ApiKey[]>
  /** The key is refused from then on. False if the merchant has no such key. */
  revokeKey(merchant: string, id: string): Promise<boolean>
  /** Rejects a cookie hash that is in use: one cookie, one session. */
  openSession(cookieHash: string, session: Session): Promise<void>
  /** Null once it has expired or was ended. */
  session(cookieHash: string, now: number): Promise<Session | null>
  /** Names of the people of a merchant, or of the desk (null), who are signed in now. */
  people(merchant: string | null): Promise<string[]>
  endSession(cookieHash: string): Promise<void>
  /** Ends every session of a person, at once. */
  endSessionsOf(subject: string): Promise<void>
  /**
   * Rate limit: counts an attempt before its outcome is known. False once `limit` were made; locked for `lockMs` after
   * the last one that counted.
   */
  recordAttempt(what: string, limit: number, lockMs: number): Promise<boolean>
  /** Resets the count, after a success. */
  clearAttempts(what: string): Promise<void>
}
