import { type AddCheckpoint, formatAddCheckpoint, parseCount } from '../log/checkpoint.ts'
import { LogError } from '../log/error.ts'
import {
  cosignatureVerifier,
  formatSignature,
  type NoteVerifier,
  parseNote,
  parseSignatures,
  verifyNote,
} from '../log/note.ts'
import { PolicyError, type PolicyWitness, parsePolicy, type TrustPolicy } from '../log/trust.ts'

export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** What a witness says to one request of C2SP tlog-witness. */
export type Answer =
  /** Its signature line, verified. */
  | { readonly said: 'cosigned'; readonly line: string }
  /** 409: it cosigned last a checkpoint of this size. */
  | { readonly said: 'elsewhere'; readonly size: number }
  /** 422: the proof does not lead from what it cosigned to what it was shown. */
  | { readonly said: 'inconsistent' }
  | { readonly said: 'nothing'; readonly why: string }

export interface Means {
  fetch: Fetch
  timeoutMs: number
  /** Ends what is under way. */
  stop: AbortSignal
}

const MAX_BODY = 64 * 1024

/** Posts one checkpoint to one witness. Never rejects: whatever is no answer is `nothing`. */
export const askWitness = async (witness: Asked, request: AddCheckpoint, means: Means): Promise<Answer> => {
  try {
    const { status, type, body } = await inTime(means, signal => post(witness, request, means.fetch, signal))
    if (status === 200) return await cosigned(witness, request.checkpoint, body)
    if (status === 422) return { said: 'inconsistent' }
    if (status === 409 && type.startsWith('text/x.tlog.size')) return { said: 'elsewhere', size: readSize(body) }
    return nothing(`answered ${status}`)
  } catch (error) {
    return nothing(error instanceof LogError ? `answered nonsense: ${error.message}` : 'is silent')
  }
}

const nothing = (why: string): Answer => ({ said: 'nothing', why })

const post = async ({ url }: Asked, request: AddCheckpoint, fetch: Fetch, signal: AbortSignal) => {
  const headers = { 'Content-Type': 'text/plain; charset=utf-8' }
  const body = formatAddCheckpoint(request)
  // A redirect is no answer: the address is part of whom the operator trusts to be asked.
  const response = await fetch(`${url}/add-checkpoint`, { method: 'POST', headers, body, signal, redirect: 'manual' })
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    body: await readBody(response),
  }
}

/** At most MAX_BODY bytes: a witness is not trusted to be brief. */
const readBody = async ({ body }: Response): Promise<string> => {
  const reader = body?.getReader()
  const decoder = new TextDecoder()
  let text = ''
  for (let length = 0; reader; ) {
    const { done, value } = await reader.read()
    if (done) break
    length += value.length
    if (length > MAX_BODY) {
      await reader.cancel()
      throw new LogError('too long')
    }
    text += decoder.decode(value, { stream: true })
  }
  return text
}

/** Rejects when the time is up or everything ends, also where the work itself does not notice. */
const inTime = <T>({ timeoutMs, stop }: Means, work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(timeoutMs)])
  signal.throwIfAborted()
  const ended = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  return Promise.race([work(signal), ended])
}

/** The witness's own line among those it answered; others are ignored, as the specification asks. */
const cosigned = async ({ key }: Asked, checkpoint: string, body: string): Promise<Answer> => {
  const { text } = parseNote(checkpoint)
  const signatures = parseSignatures(body)
  const verifier: NoteVerifier = cosignatureVerifier(key)
  const signed = await verifyNote({ text, signatures }, [verifier])
  const own = signatures.findLast(({ name, id }) => name === key.name && id === key.id)
  return own && signed.has(key) ? { said: 'cosigned', line: formatSignature(own) } : nothing('did not sign')
}

const readSize = (body: string): number => parseCount(body.replace(/\n$/, ''))

/** A published checkpoint. */
export interface Tree {
  readonly size: number
  /** The signed note. */
  readonly note: string
}

/** What is asked of the log. */
export interface AskedLog {
  /** Leaves under the newest published checkpoint. */
  size(): number
  /** Consistency proof between two sizes, RFC 6962 section 2.1.2. */
  consistency(older: number, size: number): readonly Uint8Array[]
}

export type Outcome =
  | { readonly cosigned: string }
  /** Why the witness must have seen another history of this log. */
  | { readonly fork: string }
  /** `size` is what it says that it cosigned last. */
  | { readonly failed: string; readonly size?: number }

type Ask = (request: AddCheckpoint) => Promise<Answer>

/**
 * Shows a witness a checkpoint, from the size that it is thought to have cosigned last. If it names another size within
 * our log, once more from there.
 */
export const submit = async (tree: Tree, old: number, log: AskedLog, ask: Ask): Promise<Outcome> => {
  const first = await ask(requestFrom(old, tree, log))
  if (first.said !== 'elsewhere') return concluded(first, old)
  const found = judge(first.size, old, tree, log)
  if (found) return found
  const second = await ask(requestFrom(first.size, tree, log))
  if (second.said !== 'elsewhere') return concluded(second, first.size)
  return judge(second.size, first.size, tree, log) ?? { failed: 'keeps moving', size: second.size }
}

const requestFrom = (old: number, tree: Tree, log: AskedLog): AddCheckpoint => ({
  oldSize: old,
  proof: old === 0 || old === tree.size ? [] : log.consistency(old, tree.size),
  checkpoint: tree.note,
})

const concluded = (answer: Exclude<Answer, { said: 'elsewhere' }>, old: number): Outcome => {
  switch (answer.said) {
    case 'cosigned':
      return { cosigned: answer.line }
    case 'inconsistent':
      return differs(old)
    case 'nothing':
      return { failed: answer.why }
  }
}

/** What a 409 means; null when it is worth another try. */
const judge = (size: number, old: number, tree: Tree, log: AskedLog): Outcome | null => {
  // Whatever was cosigned was published, and stands in our database, unless that is an old one.
  if (size > log.size()) return { fork: `it has cosigned ${size} leaves, and ${log.size()} are published here` }
  // It agrees on the size, and refuses: the roots differ (tlog-witness).
  if (size === old) return old === tree.size ? differs(old) : { failed: 'contradicts itself', size }
  // It has seen a newer checkpoint than the one at hand.
  if (size > tree.size) return { failed: 'is ahead', size }
  return null
}

const differs = (size: number): Outcome => ({
  fork: `the first ${size} leaves here are not those that it has cosigned`,
})

/** A witness that can be asked. */
export interface Asked extends PolicyWitness {
  /** Submission prefix of C2SP tlog-witness, without a slash at its end. */
  readonly url: string
}
export interface WitnessConfig {
  readonly witnesses: readonly Asked[]
  /** The same witnesses and their quorum, as published to verifiers; no logs yet, and no addresses. */
  readonly policy: TrustPolicy
}

/** Reads a C2SP tlog-policy without `log` lines, in which every witness has a URL. Throws a PolicyError. */
export const readWitnesses = (text: string): WitnessConfig => {
  const { logs, witnesses, ...rest } = parsePolicy(text)
  if (logs.length > 0) throw new PolicyError(0, 'the log writes its own log lines')
  return {
    witnesses: witnesses.map(withUrl),
    // Addresses of witnesses may be private.
    policy: { ...rest, logs, witnesses: witnesses.map(({ name, key }) => ({ name, key })) },
  }
}

const withUrl = ({ name, key, url }: PolicyWitness): Asked => {
  if (url === undefined || !isHttp(url)) throw new PolicyError(0, `the witness ${name} has no http URL`)
  return { name, key, url: url.replace(/\/+$/, '') }
}

const isHttp = (url: string): boolean => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
