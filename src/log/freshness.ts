// Freshness (docs/log.md, section 9): an old view stays well signed for ever, so the age of its cosignatures must count.

import { cosignatureTime } from './cosignature.ts'
import type { Note } from './note.ts'
import { quorumMet, type TrustPolicy } from './trust.ts'

const MINUTE_MS = 60_000
/** A missed deadline stands in the published log, and a quorum cosigned the served checkpoint, within this time. */
export const BOUND_MS = 60 * MINUTE_MS
/** Two clocks differ, and publishing takes a moment. */
export const CLOCKS_MS = 10 * MINUTE_MS
/** `checkpoint` may be this much older than the newest tree that somebody was given (docs/log.md, section 10). */
export const BEHIND_MS = 10 * MINUTE_MS + CLOCKS_MS

/** UTC ms at which each witness of the policy, by its name there, cosigned. Signatures were verified before. */
export const cosignedAt = ({ signatures }: Note, { witnesses }: TrustPolicy): Map<string, number> => {
  const times = witnesses.flatMap(({ name, key }): [string, number][] => {
    const found = signatures.find(each => each.id === key.id && each.name === key.name)
    const seconds = found ? cosignatureTime(found.bytes) : null
    return seconds === null ? [] : [[name, seconds * 1000]]
  })
  return new Map(times)
}

/** Whether a quorum cosigned within the bound before `now`; a policy without one asks nothing. */
export const isFresh = (cosigned: ReadonlyMap<string, number>, trust: TrustPolicy, now: number): boolean =>
  quorumMet(trust, new Set([...cosigned].filter(([, at]) => Math.abs(now - at) <= BOUND_MS).map(([name]) => name)))
