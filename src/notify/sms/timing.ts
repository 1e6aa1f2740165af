import { DAY, HOUR, isSameDay, startOfDay } from '../../complaint/time.ts'

const QUIET_FROM = 22
const QUIET_UNTIL = 8
/** To one buyer in one day. */
const DAILY = 2
/** When merchants and officers get their digest. */
const SLOTS = [9, 16]

const hourOn = (at: number, hour: number): number => startOfDay(at) + hour * HOUR

/** When the night that `now` lies in ends; null by day. */
const nightEnds = (now: number): number | null => {
  if (now < hourOn(now, QUIET_UNTIL)) return hourOn(now, QUIET_UNTIL)
  return now >= hourOn(now, QUIET_FROM) ? hourOn(now, QUIET_UNTIL) + DAY : null
}

/** What is due today goes at night too; and so does what is due before the night ends, since in the morning it is late. */
const wakes = (now: number, due: number | null): boolean =>
  due !== null && (isSameDay(due, now) || due <= (nightEnds(now) ?? 0))

/** When the quiet hours let a message about this deadline go: `now`, or when they end. */
const afterQuiet = (now: number, due: number | null): number => (wakes(now, due) ? now : (nightEnds(now) ?? now))

interface Mail {
  template: string
  /** By when the reader must act, UTC ms; null where nothing is asked. */
  due: number | null
  /** Of a complaint's first SMS: when it was filed, UTC ms. */
  filedAt?: number | undefined
}

/** The buyer is awake and waits for it: the first SMS brings the link and the fingerprint of what was handed in. */
const JUST_FILED_MS = HOUR
const isJustFiled = ({ filedAt }: Mail, now: number): boolean => filedAt !== undefined && now - filedAt < JUST_FILED_MS

/** Rulings, and what an operator or a thief may have done: a day's two messages must not keep them back. */
const UNCOUNTED: readonly string[] = ['ruled', 'appeal_ruled', 'key_bound', 'key_retired', 'unsigned']
/** A link that a caller asked for, who need not be the buyer: it has a quota of its own, and takes no notice's place. */
export const isAskedFor = ({ template }: Pick<Mail, 'template'>): boolean => template === 'link'
/** Asked-for links to one phone in one day. One a day, since each complaint's every SMS brings its link too. */
export const LINKS_DAILY = 1
/** No link is sent again where an SMS with it went out so recently. */
export const LINK_FRESH_MS = 2 * HOUR

/** How it went, how it turned out: they take no notice's place, and wait for a day without any. */
export const isQuestion = ({ template }: Pick<Mail, 'template'>): boolean =>
  template === 'rating' || template === 'follow_up'

/** Whether it is one of the day's two. */
export const counts = (mail: Mail): boolean =>
  !UNCOUNTED.includes(mail.template) && !isAskedFor(mail) && !isQuestion(mail)

/** When a buyer may get it: `now`, or the first later instant that allows it. `sentToday`: of those that count. */
export const whenToSend = (now: number, mail: Mail, sentToday: number): number => {
  if ((counts(mail) && sentToday >= DAILY) || (isQuestion(mail) && sentToday > 0)) return hourOn(now, QUIET_UNTIL) + DAY
  if (isJustFiled(mail, now)) return now
  return afterQuiet(now, isAskedFor(mail) ? null : mail.due)
}

/** When the next digest goes out, at `at` or later. */
const nextSlot = (at: number): number =>
  SLOTS.map(hour => hourOn(at, hour)).find(slot => slot >= at) ?? hourOn(at, SLOTS[0] ?? 0) + DAY

interface DigestMail {
  /** Since when it is to go out; once a slot has come since then, it waits no longer. */
  since: number
  attempts: number
  due: number
}

/** When a digest may bring it: at the next slot, or earlier where that would be too late. */
export const whenToDigest = (now: number, { since, attempts, due }: DigestMail): number => {
  const slot = nextSlot(since)
  const inTime = attempts > 0 || slot <= now || due <= slot ? now : slot
  return inTime > now ? inTime : afterQuiet(now, due)
}
