/** The receipt: all that a stranger needs, besides a trust policy, to check one complaint offline. */
import { type Checkpoint, parseCheckpoint, parseProof, type TlogProof } from './checkpoint.ts'
import { fromBase64 } from './encoding.ts'
import { LogError } from './error.ts'
import { decodeLeaf, type Leaf } from './leaf.ts'
import { type Note, parseNote } from './note.ts'
import { readKid, readStatement, type Statement } from './statement.ts'
import { leafHash } from './tree.ts'

export interface ReceiptLeaf {
  /** Standard base64 of the exact bytes of the leaf. */
  readonly leaf: string
  /** C2SP tlog-proof@v1 text. */
  readonly proof: string
}

export interface ReceiptStep extends ReceiptLeaf {
  readonly seq: number
  /** Those of the leaf's disclosures that the reader may see. */
  readonly disclosures: readonly string[]
}

/** A time stamp of RFC 3161 over a checkpoint that holds some of the steps, and how its tree belongs to the receipt's. */
export interface ReceiptTimeStamp {
  /** The signed note that was stamped, byte for byte. */
  readonly checkpoint: string
  /** Consistency proof (RFC 9162 section 2.1.4) between the smaller and the larger of the two trees, base64. */
  readonly consistency: readonly string[]
  /** The authority's TimeStampResp, base64. */
  readonly reply: string
}

export interface ReceiptRule extends ReceiptLeaf {
  /** The text whose digest the leaf holds: JSON. */
  readonly document: string
}

export interface Receipt {
  readonly v: 1
  readonly origin: string
  readonly complaint: { readonly id: string; readonly c: string }
  /** All of the chain, from 0. */
  readonly steps: readonly ReceiptStep[]
  /** The leaf that introduced the statement's key. */
  readonly keys: readonly ReceiptLeaf[]
  /** The platform's rules that its rulings cite, each with the leaf that adopted it; absent where they cite none. */
  readonly rules?: readonly ReceiptRule[]
  /** JWS. Its tree is the checkpoint that every proof ends in. */
  readonly statement: string
  /** The earliest over each step, where an authority is asked. */
  readonly timestamps?: readonly ReceiptTimeStamp[]
}

export class ReceiptError extends LogError {
  override name = 'ReceiptError'
}

/** A leaf read, hashed and beside its proof; nothing verified yet. */
export interface Evidence {
  readonly leaf: Leaf
  readonly hash: Uint8Array
  readonly index: number
  readonly proof: TlogProof
}

export interface StepEvidence extends Evidence {
  readonly disclosures: readonly string[]
}

export interface OpenedReceipt {
  readonly receipt: Receipt
  readonly steps: readonly StepEvidence[]
  readonly keys: readonly Evidence[]
  readonly rules: readonly (Evidence & { readonly document: string })[]
  readonly note: Note
  readonly checkpoint: Checkpoint
  /** What the statement says and whose key it names, the signature unchecked. */
  readonly statement: Statement
  readonly kid: string
}

/** Throws a LogError on the first thing that can't be read. */
export function openReceipt(value: unknown): OpenedReceipt {
  const receipt = parseReceipt(value)
  const steps = receipt.steps.map(step => ({ ...openLeaf(step), disclosures: step.disclosures }))
  const keys = receipt.keys.map(openLeaf)
  const rules = (receipt.rules ?? []).map(rule => ({ ...openLeaf(rule), document: rule.document }))
  const [first] = steps
  if (first === undefined) throw new ReceiptError('no steps')
  const note = parseNote(first.proof.checkpoint)
  const checkpoint = parseCheckpoint(note.text)
  const statement = readStatement(receipt.statement)
  return { receipt, steps, keys, rules, note, checkpoint, statement, kid: readKid(receipt.statement) }
}

export function parseReceipt(value: unknown): Receipt {
  const receipt = record(value, 'receipt')
  if (receipt.v !== 1) throw new ReceiptError('v: not 1')
  const complaint = record(receipt.complaint, 'complaint')
  return {
    v: 1,
    origin: string(receipt.origin, 'origin'),
    complaint: { id: string(complaint.id, 'complaint.id'), c: string(complaint.c, 'complaint.c') },
    steps: list(receipt.steps, 'steps', parseStep),
    keys: list(receipt.keys, 'keys', parseLeaf),
    ...(receipt.rules !== undefined && { rules: list(receipt.rules, 'rules', parseRule) }),
    statement: string(receipt.statement, 'statement'),
    ...(receipt.timestamps !== undefined && { timestamps: list(receipt.timestamps, 'timestamps', parseTimeStamp) }),
  }
}

function parseStep(value: unknown, path: string): ReceiptStep {
  const step = record(value, path)
  if (typeof step.seq !== 'number') throw new ReceiptError(`${path}.seq: not a number`)
  return {
    seq: step.seq,
    ...parseLeaf(value, path),
    disclosures: list(step.disclosures, `${path}.disclosures`, string),
  }
}

function parseRule(value: unknown, path: string): ReceiptRule {
  const { document } = record(value, path)
  return { ...parseLeaf(value, path), document: string(document, `${path}.document`) }
}

function parseLeaf(value: unknown, path: string): ReceiptLeaf {
  const entry = record(value, path)
  return { leaf: string(entry.leaf, `${path}.leaf`), proof: string(entry.proof, `${path}.proof`) }
}

function parseTimeStamp(value: unknown, path: string): ReceiptTimeStamp {
  const stamp = record(value, path)
  return {
    checkpoint: string(stamp.checkpoint, `${path}.checkpoint`),
    consistency: list(stamp.consistency, `${path}.consistency`, string),
    reply: string(stamp.reply, `${path}.reply`),
  }
}

function openLeaf({ leaf, proof }: ReceiptLeaf): Evidence {
  const bytes = fromBase64(leaf)
  const parsed = parseProof(proof)
  return { leaf: decodeLeaf(bytes), hash: leafHash(bytes), index: parsed.index, proof: parsed }
}

function record(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new ReceiptError(`${path}: not an object`)
  return { ...value }
}

function string(value: unknown, path: string): string {
  if (typeof value !== 'string') throw new ReceiptError(`${path}: not a string`)
  return value
}

function list<T>(value: unknown, path: string, each: (item: unknown, path: string) => T): T[] {
  if (!Array.isArray(value)) throw new ReceiptError(`${path}: not a list`)
  return value.map((item, i) => each(item, `${path}[${i}]`))
}
