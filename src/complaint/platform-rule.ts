// Platform rules: versioned documents of the platform's own rule library, which rulings cite. A version is adopted by a leaf of
// the log's own chain that holds the digest of its document (docs/log.md, section 4), and never changes.

import type { Locale } from './words.ts'

export interface PlatformRule {
  /** Short name, the same in all versions. */
  code: string
  /** From 1, without gaps. */
  version: number
  title: string
  text: string
  locale: Locale
  /** This version says that the rule no longer holds. */
  repealed?: true
}

/** A version in the library: `digest` is base64url SHA-256 of its document, `at` its leaf's instant, UTC ms. */
export interface AdoptedRule extends PlatformRule {
  digest: string
  at: number
}

export const RULE_CODE = /^[a-z0-9][a-z0-9.-]{0,39}$/
/** A version as rulings name it: `return-7d@2`. */
export const RULE_NAME = /^[a-z0-9][a-z0-9.-]{0,39}@[1-9]\d{0,3}$/
/** What one ruling may cite. */
export const MOST_CITED = 3

export const nameOfRule = ({ code, version }: Pick<PlatformRule, 'code' | 'version'>): string => `${code}@${version}`

/** The document of a version: the bytes that are hashed, served and given with a receipt. */
export const ruleDocument = ({ code, version, title, text, locale, repealed }: PlatformRule): string =>
  JSON.stringify({ code, version, title, text, locale, ...(repealed && { repealed }) })

/** What `ruleDocument` wrote: the caller has checked its digest. */
export const parseRuleDocument = (document: string): PlatformRule => JSON.parse(document) as PlatformRule

/** `p.cites` of a ruling: digests of the versions that it rests on, parted by a space, since a leaf has no lists. */
export const citedIn = (p: object): string[] =>
  'cites' in p && typeof p.cites === 'string' && p.cites !== '' ? p.cites.split(' ') : []

/** The newest version of each rule, in the order of their codes, without those that were repealed. */
export const rulesInForce = <R extends PlatformRule>(versions: readonly R[]): R[] => {
  const newest = new Map<string, R>()
  for (const each of versions) if (each.version > (newest.get(each.code)?.version ?? 0)) newest.set(each.code, each)
  return [...newest.values()].filter(({ repealed }) => !repealed).sort((a, b) => (a.code < b.code ? -1 : 1))
}

/** The versions that a ruling on a complaint of this day may rest on: in force when it was opened, or since. */
export const rulesSince = (versions: readonly AdoptedRule[], openedAt: number): AdoptedRule[] =>
  versions
    .filter(each => {
      const next = versions.find(({ code, version }) => code === each.code && version === each.version + 1)
      return !each.repealed && (next === undefined || next.at > openedAt)
    })
    .sort((a, b) => (a.code === b.code ? b.version - a.version : a.code < b.code ? -1 : 1))
