// Copies of a log as JSON, from the operator's machine to a shard's object: bytes as base64, proofs as C2SP tlog-proof.

import type { Copies } from '../ledger/put-back.ts'
import type { Declaration } from '../ledger/recovery.ts'
import { formatProof, parseProof } from '../log/checkpoint.ts'
import { fromBase64, toBase64 } from '../log/encoding.ts'

export const packCopies = (copies: Copies, declared?: Declaration): string =>
  JSON.stringify({
    ...copies,
    leaves: [...copies.leaves].map(([index, bytes]) => [index, toBase64(bytes)]),
    disclosures: [...copies.disclosures],
    proofs: copies.proofs.map(formatProof),
    declared,
  })

/** Not what `packCopies` writes. */
export class MalformedCopies extends Error {}

/** Untrusted input: checks the shape alone, and throws MalformedCopies or a LogError. Whether the copies are true, recovery checks against the signed tree. */
export const unpackCopies = (json: unknown): { copies: Copies; declared: Declaration | undefined } => {
  const { leaves, disclosures, notes, proofs, policies, rules, declared } = fieldsOf(json)
  const copies = {
    leaves: new Map(listOf(leaves, pairOf).map(([at, bytes]) => [at, fromBase64(textOf(bytes))])),
    disclosures: new Map(listOf(disclosures, pairOf).map(([at, texts]) => [at, listOf(texts, textOf)])),
    notes: listOf(notes, textOf),
    proofs: listOf(proofs, textOf).map(parseProof),
    policies: listOf(policies, each => each),
    rules: listOf(rules, textOf),
  }
  if (declared === undefined) return { copies, declared }
  const { leaves: count, origin, size } = fieldsOf(declared)
  return {
    copies,
    declared: {
      leaves: numberOf(count),
      origin: origin === undefined ? origin : textOf(origin),
      size: size === undefined ? size : numberOf(size),
    },
  }
}

const fieldsOf = (json: unknown): Record<string, unknown> =>
  typeof json === 'object' && json !== null ? { ...json } : malformed()
const listOf = <T>(json: unknown, read: (each: unknown) => T): T[] =>
  Array.isArray(json) ? json.map(read) : malformed()
const pairOf = (json: unknown): [number, unknown] =>
  Array.isArray(json) && json.length === 2 ? [numberOf(json[0]), json[1]] : malformed()
const textOf = (json: unknown): string => (typeof json === 'string' ? json : malformed())
const numberOf = (json: unknown): number => (Number.isSafeInteger(json) ? Number(json) : malformed())
const malformed = (): never => {
  throw new MalformedCopies('these are no copies of a log')
}
