import type { Fields } from '../complaint/step.ts'
import { iso } from '../complaint/time.ts'
import type { Dictionary } from '../complaint/view/types.ts'
import { publicFields } from '../complaint/view/visibility.ts'
import { ROLES, type StepKind } from '../complaint/words.ts'
import { SIGNED_REQUEST, signatureIn } from '../log/author-signature.ts'
import { digestOf, type Json, openDisclosure } from '../log/disclosure.ts'
import { toBase64url } from '../log/encoding.ts'
import type { Leaf } from '../log/leaf.ts'
import { openReceipt, type StepEvidence } from '../log/receipt.ts'

/** What a receipt says, for a reader. */
export interface ReceiptView {
  id: string
  origin: string
  /** UTC ms; of the statement. */
  iat: number
  steps: readonly StepInReceipt[]
}
export interface StepInReceipt {
  leaf: Leaf
  sentence: string
  /** Fields whose digest stands in the leaf, and no others. */
  opened: readonly (readonly [name: string, value: Json])[]
  /** How many digests nothing was shown for. */
  withheld: number
}

/** Null for what can't be read. The sentences are the tracking page's. */
export const toReceiptView = (value: unknown, dictionary: Dictionary): ReceiptView | null => {
  try {
    const { receipt, statement, steps } = openReceipt(value)
    const { id } = receipt.complaint
    return { id, origin: receipt.origin, iat: statement.iat, steps: steps.map(step => tellStep(step, dictionary)) }
  } catch {
    return null
  }
}

const tellStep = (step: StepEvidence, dictionary: Dictionary): StepInReceipt => {
  const opened = openedIn(step)
  const { leaf } = step
  return {
    leaf,
    sentence: sentenceOf(step, opened, dictionary),
    opened: [...opened].filter(([name]) => name !== SIGNED_REQUEST),
    withheld: Object.keys(leaf.d).length - opened.size,
  }
}

const openedIn = ({ leaf, disclosures }: StepEvidence): Map<string, Json> => {
  const found = new Map<string, Json>()
  for (const text of disclosures) {
    const { name, value } = openDisclosure(text)
    if (Object.hasOwn(leaf.d, name) && leaf.d[name] === digestOf(text)) found.set(name, value)
  }
  return found
}

const sentenceOf = (step: StepEvidence, opened: ReadonlyMap<string, Json>, dictionary: Dictionary): string => {
  const { kind } = step.leaf
  if (!isKind(kind, dictionary)) return kind
  try {
    return dictionary.describe(viewOf(step, kind, opened))
  } catch {
    // A leaf may be well-formed and still say what no step of this kind does.
    return dictionary.kinds[kind]
  }
}

const isKind = (kind: string, { kinds }: Dictionary): kind is StepKind => Object.hasOwn(kinds, kind)

const viewOf = ({ leaf, hash, index }: StepEvidence, kind: StepKind, opened: ReadonlyMap<string, Json>) => {
  const { seq, at, on, by, auto } = leaf
  // What the log itself says wins over a disclosure of the same name.
  const fields: Fields = { ...plainFields(opened), ...publicFields(leaf.p) }
  const party = { role: roleOf(by), name: by, automated: auto }
  const signature = signatureIn(leaf.p)
  const signed = signature ? { key: signature.key } : null
  return { seq, at: iso(at), on: iso(on), kind, by: party, fields, signed, leaf: toBase64url(hash), index }
}

const roleOf = (by: string) => ROLES.find(role => role === by) ?? 'system'

const plainFields = (opened: ReadonlyMap<string, Json>): Fields =>
  Object.fromEntries([...opened].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])))
