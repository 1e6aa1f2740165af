// Calls between the processes of a house: one sealed message over HTTP, and one back. AES-256-GCM (NIST SP 800-38D) under a key of
// the secrets file keeps them secret and whole, so they need no certificates; an answer is bound to its question.

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { deserialize, serialize } from 'node:v8'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import type { ContractName } from '../../../ledger/contract/operations.ts'
import { utf8 } from '../../../log/encoding.ts'
import { isAltered, Problem } from '../../../routes/problem.ts'
import { errorFields, log } from '../../../telemetry/log.ts'

/** Where a process answers the others, by shard. */
export const peerPath = (shard = 0): string => (shard === 0 ? '/peer' : `/peer/${shard}`)
/** A question that is older is refused, and within this time none is answered twice. Clocks of one house agree to it. */
const FRESH_MS = 30_000
const MOST_BYTES = 8 * 1024 * 1024
/** As long as a proxy waits. */
const PATIENCE_MS = 30_000
const [IV_BYTES, TAG_BYTES] = [12, 16]

interface Question {
  at: number
  contract: ContractName | undefined
  name: string
  args: unknown[]
}
type Answer = { value: unknown } | { altered: string } | { unavailable: true } | { failed: true }

export type Asked = (contract: ContractName | undefined, name: string, args: unknown[]) => Promise<unknown>

/** `tags` is the secret of that name. Each shard has a key of its own: a question to one is none to another. */
export const peerKey = (tags: Uint8Array, shard = 0): Uint8Array =>
  hkdf(sha256, tags, undefined, utf8(`tousu peer v1${shard === 0 ? '' : ` ${shard}`}`), 32)

/** Asks the process at this address, with its path. Throws a Problem where it does not answer: whether it acted is not known then. */
export const askPeer = async (key: Uint8Array, url: string, ...asked: Parameters<Asked>): Promise<unknown> => {
  const [contract, name, args] = asked
  const question: Question = { at: Date.now(), contract, name, args }
  const sealed = seal(key, serialize(question), NOTHING)
  const answer = await post(url, sealed)
    .then(bytes => read<Answer>(open(key, bytes, sealed.subarray(0, IV_BYTES))))
    .catch(() => null)
  if (answer === null || 'unavailable' in answer) throw new Problem('unavailable')
  if ('altered' in answer) throw new Error(answer.altered)
  if ('failed' in answer) throw new Error('the process that leads could not do this')
  return answer.value
}

const post = async (url: string, body: Uint8Array): Promise<Uint8Array> => {
  const signal = AbortSignal.timeout(PATIENCE_MS)
  const response = await fetch(url, { method: 'POST', body: new Uint8Array(body), signal, redirect: 'error' })
  if (response.status !== 200) throw new Error('no answer')
  return new Uint8Array(await response.arrayBuffer())
}

/** Answers the questions of other processes by `asked`. To anyone else there is nothing here. */
export const peerServer = (key: Uint8Array, asked: Asked): ((request: Request) => Promise<Response>) => {
  const seen = new Map<string, number>()
  const isFresh = (iv: string, at: number): boolean => {
    const now = Date.now()
    for (const [old, time] of seen) {
      if (now - time < 2 * FRESH_MS) break
      seen.delete(old)
    }
    if (Math.abs(now - at) > FRESH_MS || seen.has(iv)) return false
    seen.set(iv, now)
    return true
  }
  return async request => {
    const length = Number(request.headers.get('content-length') ?? Number.NaN)
    if (request.method !== 'POST' || !(length <= MOST_BYTES)) return nothingHere()
    const bytes = new Uint8Array(await request.arrayBuffer())
    const iv = bytes.subarray(0, IV_BYTES)
    const question = opened<Question>(key, bytes)
    if (question === null || !isFresh(Buffer.from(iv).toString('hex'), question.at)) return nothingHere()
    const answer = await answerOf(() => asked(question.contract, question.name, question.args))
    return new Response(new Uint8Array(seal(key, serialize(answer), iv)))
  }
}

const nothingHere = () => new Response(null, { status: 404 })

const answerOf = async (work: () => Promise<unknown>): Promise<Answer> => {
  try {
    return { value: await work() }
  } catch (error) {
    if (error instanceof Problem) return { unavailable: true }
    if (isAltered(error)) return { altered: error.message }
    log('error', 'ledger operation failed', errorFields(error))
    return { failed: true }
  }
}

const NOTHING = new Uint8Array(0)

/** iv, tag, ciphertext. */
const seal = (key: Uint8Array, plain: Uint8Array, bound: Uint8Array): Buffer => {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  cipher.setAAD(bound)
  const sealed = [cipher.update(plain), cipher.final()]
  return Buffer.concat([iv, cipher.getAuthTag(), ...sealed])
}

/** Throws where another key sealed it, or for another purpose. */
const open = (key: Uint8Array, sealed: Uint8Array, bound: Uint8Array): Buffer => {
  const cipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
  cipher.setAAD(bound)
  cipher.setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
  return Buffer.concat([cipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), cipher.final()])
}

// Cast: a process of this server, which alone has the key, wrote it, and this version of it, but for a moment of an upgrade.
const read = <T>(plain: Buffer): T => deserialize(plain) as T

const opened = <T>(key: Uint8Array, sealed: Uint8Array): T | null => {
  try {
    return read<T>(open(key, sealed, NOTHING))
  } catch {
    return null
  }
}
