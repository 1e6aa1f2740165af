import { closeSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs'
import * as v from 'valibot'
import { parseCheckpoint } from '../../log/checkpoint.ts'
import { parseNote } from '../../log/note.ts'
import { CliError, isError, readIfThere, replaceFile } from '../io.ts'
import { type Cosigned, NOTHING } from './judge.ts'

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
