import { HOUR } from '../complaint/time.ts'

const FIRST_MS = 30_000
const LONGEST_MS = HOUR
/** Exponential backoff: half a minute, doubled seven times, then hourly; these many tries span a day. */
const TRIES = 31
/** Of what is not tried in the ten quiet hours of each day. */
export const TRIES_BY_DAY = 22

/**
 * The next try after `tried` tries, UTC ms, or null when it is given up after about a day. Counted in tries, since a
 * reminder's row is days older than its first one, and a server that was down is no reason to give up. `random` is
 * from 0 to 1: a quarter more or less, so that what failed together does not come back together.
 */
export const nextTry = (tried: number, now: number, random: number, tries = TRIES): number | null =>
  tried >= tries ? null : now + Math.round(Math.min(LONGEST_MS, FIRST_MS * 2 ** (tried - 1)) * (0.75 + random / 2))
