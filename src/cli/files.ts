import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { LogError } from '../log/error.ts'
import { parsePolicy, type TrustPolicy } from '../log/trust.ts'
import { CliError } from './io.ts'

/** Throws Trouble, with the file's name, instead of a stack. */
export const readText = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new CliError(`${file}: ${reason(error)}`)
  }
}

export const readJson = (file: string): unknown => {
  const text = readText(file)
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own message quotes what it choked on.
    throw new CliError(`${file}: not JSON`)
  }
}

/** Null where there is no such file. */
export const readIfThere = (file: string): string | null => readBytesIfThere(file)?.toString('utf8') ?? null

/** Null where there is no such file. */
export const readBytesIfThere = (file: string): Buffer | null => {
  try {
    return readFileSync(file)
  } catch (error) {
    if (isError(error, 'ENOENT')) return null
    throw new CliError(`${file}: ${reason(error)}`)
  }
}

/** Creates a file that its owner alone can read. Throws Trouble if it is there already: a key is never overwritten. */
export const writeSecret = (file: string, text: string): void =>
  attempt(file, () => writeDurably(file, [text], 'wx', 0o600))

/** All or nothing, and on disk when it returns: a reader sees the old file or the new one. */
export const replaceFile = (file: string, parts: Iterable<string | Uint8Array>, mode = 0o600): void =>
  attempt(file, () => {
    writeDurably(`${file}.new`, parts, 'w', mode)
    renameSync(`${file}.new`, file)
    syncFolder(dirname(file))
  })

const writeDurably = (file: string, parts: Iterable<string | Uint8Array>, flags: string, mode: number): void => {
  const opened = openSync(file, flags, mode)
  try {
    for (const part of parts) writeAll(opened, typeof part === 'string' ? Buffer.from(part) : part)
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}

const writeAll = (opened: number, bytes: Uint8Array): void => {
  for (let at = 0; at < bytes.length; ) at += writeSync(opened, bytes, at)
}

/** The rename itself must survive a power cut; Windows has no such thing. */
const syncFolder = (folder: string): void => {
  if (process.platform === 'win32') return
  const opened = openSync(folder, 'r')
  try {
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}

const attempt = <T>(file: string, act: () => T): T => {
  try {
    return act()
  } catch (error) {
    throw new CliError(`${file}: ${reason(error)}`)
  }
}

export const isError = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EACCES: 'not allowed',
  EISDIR: 'a folder, not a file',
  ENOTDIR: 'not a folder',
  EEXIST: 'is there already and is not overwritten',
  ENOSPC: 'the disk is full',
  EROFS: 'the disk is read-only',
}
const reason = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return REASONS[code] ?? `cannot be used (${code || 'unknown'})`
}

/** Throws Trouble that names the file. */
export const readTrust = (text: string, file: string): TrustPolicy => {
  try {
    return parsePolicy(text)
  } catch (error) {
    throw new CliError(`${file}: ${error instanceof LogError ? error.message : 'not a trust policy'}`)
  }
}
