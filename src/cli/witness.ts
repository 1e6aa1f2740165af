import { closeSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as v from 'valibot'
import { type AddCheckpoint, type Checkpoint, parseAddCheckpoint, parseCheckpoint } from '../log/checkpoint.ts'
import { equalBytes } from '../log/encoding.ts'
import { LogError } from '../log/error.ts'
import {
  COSIGNATURE_V1,
  cosign,
  ED25519,
  formatSignature,
  formatVerifierKey,
  type Note,
  noteVerifier,
  parseNote,
  parseVerifierKey,
  type VerifierKey,
  verifyNote,
} from '../log/note.ts'
import { emptyRoot, verifyConsistency } from '../log/tree.ts'
import {
  CliError,
  type Command,
  FINE,
  isError,
  needed,
  readArguments,
  readIfThere,
  readText,
  replaceFile,
} from './io.ts'
import { readSecretKey, type SecretKey } from './keys.ts'

/** Serves until SIGINT or SIGTERM. */
export const witness: Command = async (args, io) => {
  const { values } = readArguments(args, {
    key: { type: 'string' },
    state: { type: 'string' },
    log: { type: 'string', multiple: true },
    port: { type: 'string', default: '7337' },
    host: { type: 'string', default: '127.0.0.1' },
  })
  const file = needed(values.key, '--key')
  const key = await readSecretKey(readText(file), COSIGNATURE_V1)
  if (key === null) throw new CliError(`${file}: not the key of a witness (make one with: tousu keys witness)`)
  const logs = readLogs(values.log ?? [])
  const port = readPort(values.port)
  const memory = Memory.open(needed(values.state, '--state'))
  const server = witnessServer(body => addCheckpoint(body, { key, logs, memory, now: io.now }))
  try {
    await listening(server, port, values.host)
    io.out(`witness ${formatVerifierKey(key.vkey)}`)
    for (const { name } of logs) io.out(`watches ${name}, ${memory.last(name).size} leaves so far`)
    // Without its state a witness begins anew, and would cosign a fork of what it saw before.
    if (memory.origins.length === 0) io.out(`${values.state} holds nothing yet: this witness has seen no checkpoint`)
    io.out(`listens on http://${values.host}:${(server.address() as AddressInfo).port}/add-checkpoint`)
    await stopped()
    return FINE
  } finally {
    server.close()
    server.closeAllConnections()
    memory.close()
  }
}

const readLogs = (vkeys: readonly string[]): VerifierKey[] => {
  if (vkeys.length === 0) throw new CliError('--log is missing: give the verifier key of each log to watch')
  return vkeys.map(text => {
    try {
      const key = parseVerifierKey(text)
      if (key.type === ED25519) return key
    } catch (error) {
      if (!(error instanceof LogError)) throw error
    }
    throw new CliError('--log: not the verifier key of a log')
  })
}

const readPort = (text: string): number => {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (!(port <= 65_535)) throw new CliError('--port is not a port number')
  return port
}

const listening = (server: ReturnType<typeof witnessServer>, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', () => reject(new CliError(`cannot listen on ${host}, port ${port}`)))
    server.listen(port, host, resolve)
  })

const stopped = (): Promise<void> =>
  new Promise(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })

export interface Answer {
  readonly status: number
  readonly body: string
  readonly type: string
}

/** The checkpoint that was cosigned last; of a log never seen, the empty tree. */
interface Cosigned {
  readonly size: number
  readonly root: Uint8Array
}
const NOTHING: Cosigned = { size: 0, root: emptyRoot }

interface Request extends AddCheckpoint {
  readonly note: Note
  readonly tree: Checkpoint
}

const plain = (status: number, body: string): Answer => ({
  status,
  body: `${body}\n`,
  type: 'text/plain; charset=utf-8',
})

/** The checks that need no memory: what is asked, and whether a known log signed it. An Answer is a refusal. */
const readRequest = async (body: string, logs: readonly VerifierKey[]): Promise<Request | Answer> => {
  const request = parse(body)
  if (request === null) return plain(400, 'not a request of tlog-witness')
  const keys = logs.filter(key => key.name === request.tree.origin)
  if (keys.length === 0) return plain(404, 'a log that this witness does not know')
  if (!(await isSigned(request.note, keys))) return plain(403, 'no signature of a key that this witness trusts')
  if (request.oldSize > request.tree.size) return plain(400, 'the old size is larger than the checkpoint')
  return request
}

const parse = (body: string): Request | null => {
  try {
    const request = parseAddCheckpoint(body)
    const note = parseNote(request.checkpoint)
    return { ...request, note, tree: parseCheckpoint(note.text) }
  } catch (error) {
    if (error instanceof LogError) return null
    throw error
  }
}

const isSigned = async (note: Note, keys: readonly VerifierKey[]): Promise<boolean> => {
  try {
    return (await verifyNote(note, keys.map(noteVerifier))).size > 0
  } catch (error) {
    if (error instanceof LogError) return false
    throw error
  }
}

/** The checks against memory (C2SP tlog-witness, add-checkpoint); null when the checkpoint is to be cosigned. */
const judge = ({ oldSize, proof, tree }: Request, last: Cosigned): Answer | null => {
  if (oldSize !== last.size) return conflict(last)
  // A fork of one size: 409 would only ask to try again from where the log is already.
  if (oldSize === tree.size && !equalBytes(last.root, tree.root)) return plain(422, 'another tree of the same size')
  return continues(proof, last, tree) ? null : plain(422, 'the consistency proof does not hold')
}

const conflict = ({ size }: Cosigned): Answer => ({ status: 409, body: `${size}\n`, type: 'text/x.tlog.size' })

const continues = (proof: readonly Uint8Array[], last: Cosigned, { size, root }: Checkpoint): boolean =>
  last.size === 0
    ? proof.length === 0
    : verifyConsistency({ size1: last.size, root1: last.root, size2: size, root2: root, proof })

/** 63 hashes and 100 signatures take a third of this. */
const MAX_BODY = 64 * 1024

/** One route, `POST /add-checkpoint`; the address behind it is the submission prefix of tlog-witness. */
export const witnessServer = (add: (body: string) => Promise<Answer>): Server =>
  createServer((request, response) => {
    answer(request, add).then(
      given => send(response, given),
      // A disk that is full, most likely: no word about it to the outside, and no cosignature.
      () => send(response, plain(500, 'failed')),
    )
  })

const answer = async (request: IncomingMessage, add: (body: string) => Promise<Answer>): Promise<Answer> => {
  if (request.url !== '/add-checkpoint') return plain(404, 'POST /add-checkpoint')
  if (request.method !== 'POST') return plain(405, 'POST /add-checkpoint')
  const body = await readBody(request)
  return body === null ? plain(413, 'too large') : add(body)
}

const readBody = async (request: IncomingMessage): Promise<string | null> => {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    length += chunk.length
    if (length > MAX_BODY) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const send = (response: ServerResponse, { status, body, type }: Answer): void => {
  // A body that was not read to its end would be taken for the next request.
  const headers = status === 413 ? { 'Content-Type': type, Connection: 'close' } : { 'Content-Type': type }
  response.writeHead(status, headers).end(body)
}

interface WitnessOptions {
  key: SecretKey
  /** Keys of the logs that it watches; their names are the origins. */
  logs: readonly VerifierKey[]
  memory: Memory
  /** UTC ms. */
  now(): number
}

/** C2SP tlog-witness, `add-checkpoint`: the answer to one request body. */
export const addCheckpoint = async (body: string, { key, logs, memory, now }: WitnessOptions): Promise<Answer> => {
  const request = await readRequest(body, logs)
  if ('status' in request) return request
  const { origin } = request.tree
  // Check, memory and signature are one act, so that cosignatures bear times in the order of the trees.
  return memory.alone(async () => {
    const refusal = judge(request, memory.last(origin))
    if (refusal !== null) return refusal
    memory.remember(origin, request.checkpoint)
    const signature = await cosign(request.note.text, key.vkey, key.sign, Math.floor(now() / 1000))
    return { status: 200, body: formatSignature(signature), type: 'text/plain; charset=utf-8' }
  })
}

/** The notes that were cosigned last, by origin. */
const File = v.object({ v: v.literal(1), logs: v.record(v.string(), v.string()) })

/**
 * The witness's durable state: the last checkpoint of each log. On disk before a request is answered. One process
 * owns it, and within that process one request at a time: else two could each continue the same old tree.
 */
export class Memory {
  readonly #file: string
  readonly #notes: Map<string, string>
  #turn: Promise<unknown> = Promise.resolve()

  private constructor(file: string, notes: Map<string, string>) {
    this.#file = file
    this.#notes = notes
  }

  /** Throws Trouble if another process has it, or if it can't be read: a witness that forgot would cosign a fork. */
  static open(file: string): Memory {
    lock(file)
    try {
      return new Memory(file, read(file))
    } catch (error) {
      unlock(file)
      throw error
    }
  }

  close(): void {
    unlock(this.#file)
  }

  get origins(): readonly string[] {
    return [...this.#notes.keys()]
  }

  last(origin: string): Cosigned {
    const note = this.#notes.get(origin)
    return note === undefined ? NOTHING : parseCheckpoint(parseNote(note).text)
  }

  /** Runs one piece of work at a time, in the order of asking. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work)
    this.#turn = turn.catch(() => undefined)
    return turn
  }

  /** Durable when it returns. If it throws, nothing was remembered. */
  remember(origin: string, note: string): void {
    const logs = Object.fromEntries([...this.#notes, [origin, note]])
    replaceFile(this.#file, [`${JSON.stringify({ v: 1, logs }, null, 1)}\n`])
    this.#notes.set(origin, note)
  }
}

const read = (file: string): Map<string, string> => {
  const text = readIfThere(file)
  if (text === null) return new Map()
  try {
    const { logs } = v.parse(File, JSON.parse(text))
    for (const note of Object.values(logs)) parseCheckpoint(parseNote(note).text)
    return new Map(Object.entries(logs))
  } catch {
    throw new CliError(`${file}: not what a witness remembers; without it this witness must not sign`)
  }
}

const lockOf = (file: string): string => `${file}.lock`

const lock = (file: string): void => {
  for (let tries = 0; ; tries++) {
    try {
      const opened = openSync(lockOf(file), 'wx', 0o600)
      writeSync(opened, String(process.pid))
      closeSync(opened)
      return
    } catch (error) {
      if (!isError(error, 'EEXIST')) throw new CliError(`${lockOf(file)}: cannot be written`)
      if (tries > 0 || isAlive(lockOf(file))) throw new CliError(`${file}: another witness has it (${lockOf(file)})`)
      // Its owner died without a word.
      unlock(file)
    }
  }
}

const isAlive = (lockFile: string): boolean => {
  const pid = Number(readFileSync(lockFile, 'utf8'))
  if (!Number.isSafeInteger(pid) || pid <= 0) return true
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return !isError(error, 'ESRCH')
  }
}

const unlock = (file: string): void => {
  try {
    unlinkSync(lockOf(file))
  } catch {}
}
