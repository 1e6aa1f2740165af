// Rule library: the platform's own rules, each version adopted by a leaf of the log's own chain (docs/log.md, section 4).

import { sha256 } from '@noble/hashes/sha2.js'
import { type AdoptedRule, type PlatformRule, parseRuleDocument, ruleDocument } from '../../complaint/platform-rule.ts'
import { toBase64url, utf8 } from '../../log/encoding.ts'
import { decodeLeaf } from '../../log/leaf.ts'
import type { Store } from '../storage/queries.ts'
import { leafBytes, ruleAt, ruleIn } from '../storage/timeline-reader.ts'
import type { LogChain } from './log-chain.ts'

const digestOf = (document: string): string => toBase64url(sha256(utf8(document)))

/** All versions, in the order in which they were adopted. */
export const allRules = (store: Store): AdoptedRule[] => store.rules.all().map(row => ruleIn(store, row))

/** Index of the leaf that adopted it, and its document. */
export const adoptionOf = (store: Store, digest: string): { idx: number; document: string } | null =>
  store.rule.get({ digest }) ?? null

/** `p.cites` for versions as rulings name them; undefined where there are none, or one is not in the library. */
export const citedDigests = (store: Store, names: readonly string[] = []): string | undefined => {
  const digests = [...new Set(names)].map(name => {
    const [code = '', version = ''] = name.split('@')
    return store.ruleVersion.get({ code, version: Number(version) })?.digest
  })
  return digests.length === 0 || digests.includes(undefined) ? undefined : digests.join(' ')
}

/**
 * Adopts a version. The same once more changes nothing; null where it does not follow the newest of its rule. Call inside
 * a transaction.
 */
export const adoptRule = (store: Store, chain: LogChain, rule: PlatformRule): AdoptedRule | null => {
  const document = ruleDocument(rule)
  const digest = digestOf(document)
  const known = ruleAt(store, digest)
  if (known) return known
  if (rule.version !== (store.newestVersion.get({ code: rule.code })?.version ?? 0) + 1) return null
  const { code, version } = rule
  const { idx } = chain.append('rule_adopted', { code, version, digest })
  store.addRule.run({ idx, digest, code, version, document })
  return ruleAt(store, digest)
}

/** A document that another copy has, for a leaf that came back. False where it is not the one. */
export const putBackRule = (store: Store, idx: number, documents: readonly string[]): boolean => {
  const { p } = decodeLeaf(leafBytes(store, idx))
  const document = documents.find(each => digestOf(each) === p.digest)
  if (document === undefined) return false
  const { code, version } = parseRuleDocument(document)
  store.addRule.run({ idx, digest: digestOf(document), code, version, document })
  return true
}
