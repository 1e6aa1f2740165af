// Read model: from a timeline to the view of a complaint, for one reader. It decides what that reader may see.

import { type Complaint, isOverdue, isUnsignedThoughBound, reopenings } from '../complaint.ts'
import { clauseIn, isProvisional, lengthOf, outsideOf, surgeAt } from '../deadlines/policy.ts'
import { erasedThrough, isHeld, retentionEnd } from '../deadlines/retention.ts'
import { actionsFor } from '../decide.ts'
import type { Fields, FieldValue, Step } from '../step.ts'
import { iso, isoOrNull } from '../time.ts'
import { type Holder, type Role, THIRD_PARTIES } from '../words.ts'
import { responsibility } from './responsibility.ts'
import { type Entry, isLate, type Moment, mayBeLate, replay } from './timeline.ts'
import type { ComplaintView, Dictionary, StepView } from './types.ts'
import { publicFields, type Reader, visibleFields } from './visibility.ts'

const REMEDY_FIELDS = ['offer', 'remedy', 'counter', 'remedySought'] as const

/** `offerAmount` beside the public `offer` becomes `offer.amount`. */
export const nestRemedyFields = (fields: Fields): Fields => {
  const gathered: Fields = { ...fields }
  for (const part of REMEDY_FIELDS) {
    const whole = gathered[part]
    if (typeof whole !== 'object') continue
    const { [`${part}Amount`]: amount, [`${part}ReturnTo`]: returnTo } = fields
    gathered[part] = { ...whole, ...(amount !== undefined && { amount }), ...(returnTo !== undefined && { returnTo }) }
    delete gathered[`${part}Amount`]
    delete gathered[`${part}ReturnTo`]
  }
  return gathered
}

const text = (value: FieldValue | undefined): string | undefined => (typeof value === 'string' ? value : undefined)

/** Names the parties as this reader may see them. */
const namesFor = (seen: Fields, dictionary: Dictionary) => {
  const buyer = text(seen.buyerName) ?? text(seen.buyerNameMasked) ?? dictionary.roles.buyer
  const merchant = text(seen.merchantName) ?? dictionary.roles.merchant
  return (role: Holder | Role, named?: FieldValue): string => {
    if (role === 'buyer') return buyer
    if (role === 'merchant') return merchant
    if (role === 'both') return `${buyer} · ${merchant}`
    if (role === 'platform') return text(named) ?? dictionary.roles.platform
    if (role === 'third_party') return dictionary.roles[THIRD_PARTIES.find(party => party === named) ?? role]
    return dictionary.roles[role]
  }
}

/** Officers' names by HMAC tag, from the steps that disclose one: a ruling shows who decided (rule 8). */
type Officers = ReadonlyMap<string, string>
const officersOf = (moments: readonly Moment[]): Officers =>
  new Map(
    moments.flatMap(({ entry }) => {
      const name = text(entry.fields.officer)
      return entry.step.who !== null && name !== undefined ? [[entry.step.who, name] as const] : []
    }),
  )

const officerNow = (c: Complaint, officers: Officers): string | undefined =>
  c.officer === null ? (c.desk === null ? undefined : decodeURIComponent(c.desk)) : officers.get(c.officer)

/** The due date without the surge, and the surge that lengthened it. */
const surgeOf = (c: Complaint) => {
  const surge = c.dueWithoutSurge === null ? undefined : surgeAt(c.policy, c.since)
  if (c.dueWithoutSurge === null || !surge) return { usualDue: null, surge: null }
  const { name, hours, basis, source } = surge
  return { usualDue: iso(c.dueWithoutSurge), surge: { name, hours, basis, source } }
}

const clauseOf = ({ policy, rule }: Complaint): ComplaintView['complaint']['clause'] => {
  const clause = clauseIn(policy, rule)
  return clause && policy.times[clause]
}

/** The due date before the extension in force; null without one. */
const firstDue = (c: Complaint, moments: readonly Moment[]): string | null => {
  if (!c.extended) return null
  const extended = moments.findLast(
    ({ entry, after }) => entry.step.kind === 'deadline_extended' && after.enteredSeq === c.enteredSeq,
  )?.entry.step
  return extended?.kind === 'deadline_extended' ? iso(extended.p.firstDue) : null
}

interface ViewRequest {
  id: string
  entries: readonly Entry[]
  reader: Reader
  /** The role that this caller acts in; null for read-only access. */
  role: Role | null
  now: number
  dictionary: Dictionary
  /** A loss that the log declared since the complaint began: instant, and number of leaves. */
  loss?: { at: number; leaves: number } | null | undefined
}

/** Projects a complaint for one reader at one instant. Pure; `entries` is the whole timeline. */
export const toComplaintView = (request: ViewRequest): ComplaintView => {
  const { id, entries, reader, role, now, dictionary, loss } = request
  const moments = replay(entries)
  const newest = moments.at(-1)
  const first = entries[0]
  if (!newest || !first) throw new RangeError('a complaint has at least one step')
  const c = newest.after
  const submitted = nestRemedyFields({
    ...publicFields(first.step.p),
    ...visibleFields(first.fields, reader, c.shared),
  })
  const nameOf = namesFor(submitted, dictionary)
  const officers = officersOf(moments)
  const sought = submitted.remedySought
  const actions: string[] = role === null ? [] : actionsFor(c, role, now)
  const steps = moments.map(moment =>
    stepView(moment, visibleFields(moment.entry.fields, reader, c.shared), nameOf, officers),
  )
  return {
    complaint: {
      id,
      state: c.state,
      after: c.after,
      holder: c.holder && { role: c.holder, name: nameOf(c.holder, officerNow(c, officers)) },
      due: c.due === null ? null : iso(c.due),
      firstDue: firstDue(c, moments),
      ...surgeOf(c),
      provisional: c.rule === 'times.appeal_review' && c.due !== null && isProvisional(c.due, c.policy.calendar),
      rule: c.rule,
      clause: clauseOf(c),
      overdue: isOverdue(c, now),
      openedAt: iso(c.openedAt),
      policy: c.policy.hash,
      merchant: { id: text(first.fields.merchantId) ?? '', name: nameOf('merchant') },
      buyer: nameOf('buyer'),
      category: c.category,
      remedySought: typeof sought === 'object' ? sought : null,
      offer: c.offer?.seq ?? null,
      remedy: remedyOf(c, steps),
      handoffs: c.handoffs,
      total: isoOrNull(c.total),
      totalMissed: c.totalMissed || (c.total !== null && now >= c.total),
      reopened: reopenings(c),
      appealUntil: isoOrNull(appealUntil(c, actions)),
      retention: retentionOf(c),
      legalHold: c.legalHold && isHeld(c, now) ? { until: isoOrNull(c.legalHold.until) } : null,
      lost: loss ? { at: iso(loss.at), leaves: loss.leaves } : null,
    },
    steps,
    responsibility: responsibility(
      moments.map(({ entry, after }) => ({ on: entry.step.on, after })),
      now,
    ),
    next: c.due === null ? null : { ...dictionary.next(c), at: iso(c.due) },
    actions,
    outside: outsideOf(c.policy).map(({ name, phone, url, hours }) => ({
      name,
      ...(phone && { phone }),
      ...(url && { url }),
      until: hours === undefined ? null : iso(c.openedAt + lengthOf({ hours })),
    })),
  }
}

const retentionOf = (c: Complaint): ComplaintView['complaint']['retention'] => {
  const { retention } = c.policy
  if (!retention) return null
  const { afterEndDays } = retention
  return { afterEndDays, eraseAt: isoOrNull(retentionEnd(c)), erased: erasedThrough(c) >= 0 }
}

/** A complaint as its newest step left it: what a command is answered with. */
export interface NewestState {
  complaint: Complaint
  first: Entry
  newest: Entry
  /** Name of the officer who is assigned, as far as a step discloses it. */
  officer: string | null
}

/** The end of the window, if the reader's acts have an appeal against what was decided. */
const appealUntil = (c: Complaint, actions: readonly string[]): number | null => {
  const decided = c.state === 'refused' ? c.refusal : c.ruling
  const may = actions.includes('appeal') || actions.includes('appeals')
  return may && decided !== null && c.appealing === null ? decided.at + lengthOf(c.policy.windows.appeal) : null
}

/** The remedy that is owed or was fulfilled, with its amount and address: as offered and accepted, or as ruled. */
const remedyOf = ({ remedy }: Complaint, steps: readonly StepView[]): Fields | null => {
  if (remedy === null) return null
  const source = steps[remedy.seq]
  const { offer, remedy: ruled } =
    (source?.kind === 'offer_accepted' ? steps[Number(source.fields.offer)] : source)?.fields ?? {}
  const terms = remedy.source === 'offer' ? offer : ruled
  return typeof terms === 'object' ? { ...terms, owedBy: remedy.owedBy } : { kind: remedy.kind, owedBy: remedy.owedBy }
}

/** The newest step and where it left the complaint, without the timeline; null where only that tells whether it was late. */
export const newestStepView = (
  { complaint: c, first, newest, officer }: NewestState,
  reader: Reader,
  dictionary: Dictionary,
) => {
  if (mayBeLate(newest.step)) return null
  const seen = (entry: Entry) => visibleFields(entry.fields, reader, c.shared)
  const nameOf = namesFor(nestRemedyFields({ ...publicFields(first.step.p), ...seen(first) }), dictionary)
  const officers = new Map(c.officer !== null && officer !== null ? [[c.officer, officer]] : [])
  return {
    step: stepView({ entry: newest, before: null, after: c }, seen(newest), nameOf, officers),
    state: c.state,
    holder: c.holder && { role: c.holder, name: nameOf(c.holder, officerNow(c, officers)) },
    due: isoOrNull(c.due),
  }
}

const stepView = (
  moment: Moment,
  seen: Fields,
  nameOf: (role: Role, named?: FieldValue) => string,
  officers: Officers,
): StepView => {
  const { seq, step, leaf, index, erased, unsignedThough } = moment.entry
  const officer = seen.officer ?? (isRuling(step) ? officers.get(step.who ?? '') : undefined)
  return {
    seq,
    at: iso(step.at),
    on: iso(step.on),
    kind: step.kind,
    by: {
      role: step.by,
      name: nameOf(step.by, step.kind === 'statement_given' ? step.p.party : (officer ?? seen.operator)),
      automated: step.auto,
    },
    fields: nestRemedyFields({ ...publicFields(step.p), ...seen, ...(officer !== undefined && { officer }) }),
    ...(erased.length > 0 && { erased }),
    ...(isLate(moment) && { late: true as const }),
    signed: step.signed ? { key: step.signed.key } : null,
    ...(isUnsignedThoughBound(moment.before ?? moment.after, step) && { unsignedThoughBound: true as const }),
    ...(moment.entry.cites && {
      cites: moment.entry.cites.map(({ at, ...rule }) => ({
        ...rule,
        adoptedAt: iso(at),
        ...(at > moment.after.openedAt && { afterOpening: true as const }),
      })),
    }),
    ...(unsignedThough && { unsignedThoughRegistered: true as const }),
    leaf,
    index,
  }
}

const isRuling = ({ kind }: Step): boolean => kind === 'ruled' || kind === 'appeal_ruled'
