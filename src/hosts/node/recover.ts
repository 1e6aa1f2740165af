import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { policyNames, shippedPolicy } from '../../../db/policies/index.ts'
import { readNodeSettings, SettingsError } from '../../config/settings.ts'
import { type Copies, NotRecovered } from '../../ledger/put-back.ts'
import { type Declaration, type Recovery, recoverLedger, sizeOf } from '../../ledger/recovery.ts'
import { parseTexts } from '../../ledger/storage/timeline-reader.ts'
import type { TlogProof } from '../../log/checkpoint.ts'
import { fromBase64 } from '../../log/encoding.ts'
import { LogError } from '../../log/error.ts'
import { openReceipt } from '../../log/receipt.ts'
import { parseBundle, TILE_WIDTH, tilePath } from '../../log/tiles.ts'
import { packCopies } from '../copies-json.ts'
import { LedgerInUse, NewerSchema, openNodeHost } from './sqlite.ts'

export type { Recovery } from '../../ledger/recovery.ts'

/** What stands in the way of a recovery; the message is for the operator's terminal. */
export class RecoveryError extends Error {}

/**
 * Puts leaves back into the ledger of a data folder, under the settings of its server, which must be stopped.
 * Throws RecoveryError; nothing was changed then.
 */
export const recoverFolder = async (folder: string, from: readonly string[], declared?: Declaration) => {
  try {
    const settings = await readNodeSettings(process.env, path => readFileSync(path, 'utf8'))
    if (settings.demo) throw new RecoveryError('TOUSU_MODE is not live: the settings of the server are needed')
    const documents = [settings.policy, ...policyNames.map(shippedPolicy)]
    const host = openNodeHost(folder)
    try {
      const copies = readCopies(from, sizeOf(host))
      const policies = [...copies.policies, ...documents]
      return await recoverLedger(host, settings.secrets, { ...copies, policies }, declared)
    } finally {
      await host.close()
    }
  } catch (error) {
    const isKnown = [SettingsError, NoCopy, NotRecovered, LedgerInUse, NewerSchema].some(each => error instanceof each)
    throw isKnown && error instanceof Error ? new RecoveryError(error.message) : error
  }
}

/** A shard on Cloudflare, at its operator's entry. */
export interface RemoteShard {
  baseUrl: string
  shard: number
  token: string
  fetch: (url: string, init: { headers: Record<string, string>; method?: string; body?: string }) => Promise<Response>
}

/** The same rule, applied by the shard itself to copies that lie here. Throws RecoveryError; nothing was changed then. */
export const recoverRemote = async (
  at: RemoteShard,
  from: readonly string[],
  declared?: Declaration,
): Promise<Recovery> => {
  const { size } = await asked<{ size: number }>(at, '')
  try {
    const copies = readCopies(from, size)
    const policies = [...copies.policies, ...policyNames.map(shippedPolicy)]
    return await asked<Recovery>(at, '/recoveries', packCopies({ ...copies, policies }, declared))
  } catch (error) {
    throw error instanceof NoCopy ? new RecoveryError(error.message) : error
  }
}

export interface RemoteRewound {
  undo: string
  size: number
  readOnly: string | null
}

/** Point-in-time recovery: the shard's storage as it was. Throws RecoveryError. */
export const rewindRemote = (at: RemoteShard, to: { at: string } | { bookmark: string }): Promise<RemoteRewound> =>
  asked(at, '/restorations', JSON.stringify(to))

/** The answer of our own server, whose type the caller names. */
const asked = async <T>({ baseUrl, shard, token, fetch }: RemoteShard, path: string, body?: string): Promise<T> => {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }
  const url = `${baseUrl.replace(/\/$/, '')}/operator/shards/${shard}${path}`
  const response = await fetch(url, body === undefined ? { headers } : { headers, method: 'POST', body })
  const json: unknown = await response.json().catch(() => null)
  if (response.ok) return json as T
  const detail = typeof json === 'object' && json !== null && 'detail' in json ? String(json.detail) : ''
  throw new RecoveryError(`${url} answered ${response.status}${detail === '' ? '' : `: ${detail}`}`)
}

// What others have of a log, read from files: a mirror (C2SP tlog-tiles), receipts, the data folder of another copy.

/** A file or folder is none of the copies that can be read. The message names it, and quotes nothing of it. */
class NoCopy extends Error {}

/** What these files and folders have from leaf `from` on. The signed tree judges the leaves; of two that differ the last one is taken. */
export const readCopies = (paths: readonly string[], from: number): Copies => {
  const gathered: Gathered = {
    from,
    leaves: new Map(),
    disclosures: new Map(),
    notes: [],
    proofs: [],
    policies: [],
    rules: [],
  }
  for (const path of paths) {
    if (existsSync(join(path, 'ledger.db'))) readFolder(path, gathered)
    else if (existsSync(join(path, 'tile', 'entries'))) readMirror(path, gathered)
    else if (statSync(path, { throwIfNoEntry: false })?.isFile()) readFile(path, gathered)
    else throw new NoCopy(`${path}: no mirror, no receipt, no checkpoint and no data folder`)
  }
  return gathered
}

interface Gathered {
  from: number
  leaves: Map<number, Uint8Array>
  disclosures: Map<number, string[]>
  notes: string[]
  proofs: TlogProof[]
  policies: unknown[]
  rules: string[]
}

const disclose = ({ disclosures }: Gathered, idx: number, texts: readonly string[]): void => {
  disclosures.set(idx, [...(disclosures.get(idx) ?? []), ...texts])
}

const readMirror = (folder: string, gathered: Gathered): void => {
  gathered.notes.push(readFileSync(join(folder, 'checkpoint'), 'utf8'))
  for (let n = Math.floor(gathered.from / TILE_WIDTH); ; n++) {
    const bundle = readBundle(join(folder, 'tile', 'entries'), n)
    if (bundle === null) break
    for (const [i, leaf] of parseBundle(bundle).entries()) gathered.leaves.set(n * TILE_WIDTH + i, leaf)
  }
  const policies = join(folder, 'policies')
  for (const name of existsSync(policies) ? readdirSync(policies) : [])
    gathered.policies.push(JSON.parse(readFileSync(join(policies, name), 'utf8')))
  const rules = join(folder, 'rules')
  for (const name of existsSync(rules) ? readdirSync(rules) : [])
    gathered.rules.push(readFileSync(join(rules, name), 'utf8'))
}

/** The full bundle, or the widest that there is. */
const readBundle = (entries: string, n: number): Uint8Array | null => {
  const full = join(entries, tilePath(n))
  if (existsSync(full)) return readFileSync(full)
  const partial = `${full}.p`
  const widest = existsSync(partial) ? Math.max(...readdirSync(partial).map(Number)) : 0
  return widest > 0 ? readFileSync(join(partial, String(widest))) : null
}

const readFile = (file: string, gathered: Gathered): void => {
  const text = readFileSync(file, 'utf8')
  if (text.startsWith('{')) readReceipt(file, text, gathered)
  else if (text.includes('\n\n\u2014 ')) gathered.notes.push(text)
  else throw new NoCopy(`${file}: neither a receipt nor a signed checkpoint`)
}

const readReceipt = (file: string, text: string, gathered: Gathered): void => {
  try {
    const { receipt, steps, keys, rules } = openReceipt(JSON.parse(text))
    gathered.rules.push(...rules.map(({ document }) => document))
    const read = [...steps, ...[...keys, ...rules].map(each => ({ ...each, disclosures: [] }))]
    for (const [i, { leaf }] of [...receipt.steps, ...receipt.keys, ...(receipt.rules ?? [])].entries()) {
      const { index, proof, disclosures } = read[i] ?? {}
      if (index === undefined || proof === undefined) continue
      gathered.leaves.set(index, fromBase64(leaf))
      gathered.notes.push(proof.checkpoint)
      gathered.proofs.push(proof)
      disclose(gathered, index, disclosures ?? [])
    }
  } catch (error) {
    if (error instanceof LogError || error instanceof SyntaxError) throw new NoCopy(`${file}: not a receipt`)
    throw error
  }
}

/** A newer copy. Its rows are read one by one; that its server runs meanwhile does no harm. */
const readFolder = (folder: string, gathered: Gathered): void => {
  const database = new Database(join(folder, 'ledger.db'), { readonly: true })
  try {
    const leaves = database.prepare<[number], { idx: number; bytes: Buffer }>('select * from leaves where idx >= ?')
    for (const { idx, bytes } of leaves.iterate(gathered.from)) gathered.leaves.set(idx, new Uint8Array(bytes))
    const texts = database.prepare<[number], { idx: number; texts: string }>('select * from disclosures where idx >= ?')
    for (const row of texts.iterate(gathered.from)) disclose(gathered, row.idx, [...parseTexts(row.texts).values()])
    for (const { note } of database
      .prepare<[], { note: string }>('select note from checkpoints order by id desc limit 1')
      .all())
      gathered.notes.push(note)
    gathered.policies.push(...documentsIn(database, 'policies').map(text => JSON.parse(text)))
    gathered.rules.push(...documentsIn(database, 'platform_rules'))
  } finally {
    database.close()
  }
  const note = join(folder, 'last-checkpoint')
  if (existsSync(note)) gathered.notes.push(readFileSync(note, 'utf8'))
}

/** A copy of an older version lacks the table. */
const documentsIn = (database: Database.Database, table: 'policies' | 'platform_rules'): string[] => {
  const isThere = database.prepare('select 1 from sqlite_master where name = ?').get(table) !== undefined
  if (!isThere) return []
  return database
    .prepare<[], { document: string }>(`select document from ${table}`)
    .all()
    .map(row => row.document)
}
