import { EVERY_FIELD } from '../../complaint/deadlines/retention.ts'
import { type Fields, type FieldValue, isDecisive, TEXT_FIELDS } from '../../complaint/step.ts'
import type { StepView } from '../../complaint/view/types.ts'
import { isFile } from '../../complaint/view/visibility.ts'
import { entry } from '../../i18n/values.ts'
import type { TrackContext } from '../context.ts'
import { type Html, html, inline } from '../html.ts'
import type { Timing } from '../timing.ts'

/** Bad news and good news that a reader looks for; the words say it too. */
const MOODS: Partial<Record<StepView['kind'], string>> = {
  deadline_missed: 'bad',
  evidence_absent: 'bad',
  lapsed: 'bad',
  automated_reply: 'dull',
  // A report of fulfilment is a claim; only the buyer's word makes it good news.
  confirmed: 'good',
}

/** What only the whole timeline knows of a step. */
export interface Place {
  timing: Timing | null
  newest: boolean
  /** Number of the device that signed it, where several are bound. */
  device?: number
  /** Where the reader can ask for a human. */
  askHuman?: string | null
}

export const stepItem = (
  step: StepView,
  place: Place,
  page: TrackContext,
): Html => html`<li id="step-${step.seq + 1}" class="${place.newest && 'newest '}${step.by.role} ${MOODS[step.kind] ?? ''}">
<i class="dot" aria-hidden="true">${entry(page.words.timeline.initials, step.by.role) ?? ''}</i><h3 class="what">${inline(page.dictionary.describe(step))}</h3>
${byline(step, place, page)}
${citedRules(step, page)}${quotes(step, page)}${returnTerms(step, page).map(([label, text]) => line(label, text))}${files(step, page)}${erasures(step, page)}${challenge(step, page)}${machine(step, place, page)}${certificate(step, page)}
</li>
`

/** The platform's rules that a ruling rests on, word for word as they stood. */
const citedRules = ({ cites = [] }: StepView, { words, dictionary }: TrackContext): Html | null => {
  if (cites.length === 0) return null
  const { rules } = words.timeline
  return html`<div class="quote"><b>${rules.title}</b>${cites.map(
    ({ title, version, text, digest, adoptedAt, locale, afterOpening }) =>
      html`<details><summary><bdi>${inline(title)}</bdi> <small>${rules.version(version, dictionary.when(adoptedAt))}</small></summary><p dir="auto" lang="${locale}">${text}</p></details>${
        afterOpening ? html`<p class="note">${rules.afterOpening}</p>` : null
      }<p class="note"><a href="/rules/${digest}">${rules.open}</a></p>`,
  )}</div>`
}

/** Under a deadline that another party missed: the way to the certificate of it. */
const certificate = ({ kind, fields, seq }: StepView, { base, signing, words }: TrackContext): Html | null =>
  signing !== undefined && (kind === 'deadline_missed' || kind === 'total_missed') && fields.party !== 'buyer'
    ? html`<p class="note"><a href="${base}/certificates/${seq + 1}">${words.record.certificate}</a></p>`
    : null

/** Under what a machine said, how to get a human. */
const machine = ({ kind }: StepView, { askHuman }: Place, { words }: TrackContext): Html | null =>
  kind === 'automated_reply' && typeof askHuman === 'string'
    ? html`<p class="note"><a href="${askHuman}">${words.timeline.askHuman}</a></p>`
    : null

/** Programs read it to the minute, as people do. */
export const moment = (at: string, { dictionary }: Pick<TrackContext, 'dictionary'>): Html =>
  html`<time datetime="${at.slice(0, 16)}Z">${dictionary.when(at)}</time>`

const byline = (step: StepView, { timing, device = 0 }: Place, page: TrackContext): Html => {
  const { words } = page
  return html`<div class="by">${moment(step.at, page)} <span class="no">${words.timeline.stepNo(step.seq + 1)}</span> <span class="who">${author(step, page)}${
    timing && html` <span class="tag ${timing === 'late' ? 'bad' : 'good'}">${words.timeline[timing]}</span>`
  }</span> ${signatureMark(step, device, page)}</div>`
}

/** A small word with its sentence behind it, for fingers too: whether the author's own key signed the step. */
const signatureMark = (step: StepView, device: number, { words, dictionary }: TrackContext): Html | null => {
  const { devices, colon } = words
  const { role } = step.by
  const byDevice = device > 0 ? `${devices.nth(device)}${colon}${devices.signedNote}` : devices.signedNote
  if (step.signed && role !== 'system')
    return mark('good', devices.signed, role === 'buyer' ? byDevice : devices.signedBy(dictionary.roles[role]))
  if (step.unsignedThoughRegistered)
    return mark('dull', devices.unsigned, devices.unsignedParty(dictionary.roles[role]))
  return step.unsignedThoughBound
    ? mark(isDecisive(step) ? 'bad' : 'dull', devices.unsigned, devices.unsignedNote)
    : null
}

const mark = (look: string, word: string, sentence: string): Html =>
  html`<details class="mark"><summary class="tag ${look}">${word}</summary>${sentence}</details>`

/** Party, name, and whether a human or a machine wrote it. */
const author = ({ by }: StepView, { words, dictionary, scope }: TrackContext): Html => {
  const { timeline } = words
  if (by.role === 'system') return html`${timeline.clock}`
  const title = dictionary.roles[by.role]
  const yours = by.role === 'buyer' && scope === 'act'
  const name = yours || by.name === title ? null : html` <bdi>${inline(by.name)}</bdi>`
  // One's own steps need no word for who was at the keys.
  if (yours && !by.automated) return html`${words.you}`
  const hand = by.automated ? timeline.machine : by.role === 'buyer' ? timeline.self : timeline.human
  return html`${yours ? words.you : title}${name} <span class="tag ${by.automated ? 'dull' : ''}">${hand}</span>`
}

/** What was erased is said plainly, and so is what a redaction step was about. */
const erasures = (step: StepView, page: TrackContext): Html[] => [
  ...(step.erased ?? []).map(field => gone(labelOf(step, field, page), page)),
  ...about(step, page),
]

const gone = (label: string, { words }: TrackContext): Html =>
  html`<div class="quote gone"><b>${label}</b><p>${words.timeline.erased} <small>${words.timeline.erasedNote}</small></p></div>`

const about = (step: StepView, page: TrackContext): Html[] => {
  const { field } = step.fields
  if (step.kind !== 'redacted' && step.kind !== 'redaction_requested') return []
  // Of all content the sentence says so.
  if (typeof field !== 'string' || field === EVERY_FIELD) return []
  return [
    html`<p class="note">${page.words.timeline.redactedField}${page.words.colon}${labelOf(step, field, page)}</p>`,
  ]
}

/** A ruling shows the officer's staff number and how to ask for another (rule 8). */
const challenge = ({ kind, fields }: StepView, { words, scope }: TrackContext): Html | null => {
  if (kind !== 'ruled' && kind !== 'appeal_ruled' && kind !== 'refused') return null
  const officer = fields.officer ?? fields.operator
  const named = typeof officer === 'string' && html`${words.timeline.officer(inline(officer))}`
  return html`<p class="note">${named}${scope === 'act' && words.timeline.challenge}</p>`
}

const isObject = (value: FieldValue | undefined): value is Fields => typeof value === 'object'

/** Where goods go back to, and who pays for the way. The sentence has said what is given, how much and by when. */
export const returnTerms = (
  { fields }: StepView,
  { words: { timeline }, dictionary }: TrackContext,
): [label: string, text: string][] => {
  const { returnTo, freightPaidBy } = [fields.offer, fields.remedy].find(isObject) ?? {}
  const roles: Record<string, string> = dictionary.roles
  return [
    ...(typeof returnTo === 'string' ? [[timeline.returnTo, returnTo] as [string, string]] : []),
    ...(typeof freightPaidBy === 'string'
      ? [[timeline.freight, timeline.freightPaidBy(roles[freightPaidBy] ?? freightPaidBy)] as [string, string]]
      : []),
  ]
}

const line = (label: string, text: string): Html =>
  html`<div class="quote"><b>${label}</b><p dir="auto">${text}</p></div>`

/** Evidence files as links; each is named by its SHA-256. */
export const files = (step: StepView, page: TrackContext): Html | null => {
  const found = evidenceOf(step, page)
  const { previous, next, close } = page.words.photos
  return found.length > 0
    ? html`<ul class="files" data-words="${[previous, next, close].join('|')}">${found.map(file => link(file, page))}</ul>`
    : null
}

interface EvidenceFile {
  href: string
  /** Of its thumbnail, where its sender made one. */
  thumb: string | null
  sha256: string
  title: string
  size: number | null
  /** A kind of picture that browsers draw. */
  isPhoto: boolean
}

export const evidenceOf = ({ fields }: StepView, { base, words }: TrackContext): EvidenceFile[] =>
  Object.entries(fields).flatMap(([field, value]) => {
    if (!isFile(field) || !isRecordValue(value)) return []
    const { sha256, name, size, type, thumb } = value
    const small = isRecordValue(thumb) && typeof thumb.sha256 === 'string' && SHA256.test(thumb.sha256) && thumb.sha256
    if (typeof sha256 !== 'string' || !SHA256.test(sha256)) return []
    return {
      href: `${base}/files/${sha256}`,
      thumb: small ? `${base}/files/${small}` : null,
      sha256,
      title: inline(typeof name === 'string' && name !== '' ? name : words.timeline.files),
      size: typeof size === 'number' ? size : null,
      isPhoto: typeof type === 'string' && /^image\/(jpeg|png|webp|gif)$/.test(type),
    }
  })

const isRecordValue = (value: FieldValue | undefined): value is Fields => typeof value === 'object'

const SHA256 = /^[0-9a-f]{64}$/

/** What a cheap phone may load without being asked, where there is no thumbnail. */
const SMALL = 1_048_576
const link = ({ href, thumb, title, size, isPhoto }: EvidenceFile, { words }: TrackContext): Html => {
  const shown = thumb ?? (isPhoto && size !== null && size <= SMALL ? href : null)
  const photo =
    shown !== null &&
    html`<img src="${shown}" alt="${words.timeline.photo(title)}" loading="lazy" width="96" height="96">`
  return html`<li><a href="${href}"${isPhoto && html` data-photo`}>${photo}<bdi>${title}</bdi></a> ${
    size !== null && html`<small>${words.timeline.size(size)}</small>`
  }</li>`
}

export const labelOf = ({ kind }: Pick<StepView, 'kind'>, field: string, { words }: TrackContext): string => {
  const file = /^file(\d+)$/.exec(field)
  if (file) return words.fileNo(file[1] ?? '')
  return entry(words.fields, `${kind}.${field}`) ?? entry(words.fields, field) ?? field
}

export const quotes = (step: StepView, page: TrackContext): Html[] =>
  textsOf(step, page).map(([label, text]) => quote(label, text, step, page))

/** What a party wrote in a step, each with its label. */
export const textsOf = (step: StepView, page: TrackContext): [label: string, text: string][] =>
  TEXT_FIELDS.flatMap(field => {
    const text = said(step, field, page)
    return typeof text === 'string' && text !== '' ? [[labelOf(step, field, page), text] as [string, string]] : []
  })

/** One reason is a word of the log, which decides that the old link ends at once. */
const said = ({ kind, fields }: StepView, field: (typeof TEXT_FIELDS)[number], { words }: TrackContext) =>
  kind === 'link_rotated' && field === 'reason' && fields.reason === 'theft' ? words.timeline.theft : fields[field]

/** Characters of a text that a long timeline shows. */
export const CUT = 600

/** Their words stand in a block of their own, so whatever they write can't look like ours. */
const quote = (label: string, text: string, { seq }: StepView, { cut, base, words }: TrackContext): Html => {
  const isCut = cut === true && text.length > CUT
  return html`<div class="quote"><b>${label}</b><p dir="auto">${isCut ? `${text.slice(0, CUT)}…` : text}</p>${
    isCut && html`<p><a href="${base}?step=${seq + 1}#timeline">${words.timeline.whole(text.length)}</a></p>`
  }</div>`
}
