import type { Complaint } from '../../complaint/complaint.ts'
import type { AdoptedRule } from '../../complaint/platform-rule.ts'
import { shanghaiDateTime } from '../../complaint/time.ts'
import type { Incident } from '../../complaint/view/incidents.ts'
import type { ComplaintView, StepView } from '../../complaint/view/types.ts'
import { DESK_WORDS } from '../../i18n/areas/desk.ts'
import { FIGURES_WORDS } from '../../i18n/areas/figures.ts'
import { SETTINGS_WORDS } from '../../i18n/areas/settings.ts'
import type { DeskWords } from '../../i18n/index.ts'
import { entry } from '../../i18n/values.ts'
import { type Drawn, type Field, idOf } from '../acts/fields.ts'
import type { SigningData } from '../console.ts'
import type { FormState, PageContext } from '../context.ts'
import { type Html, html } from '../html.ts'
import { consolePage, type NavEntry, type Person } from '../layout.ts'
import type { AwaitedStatement } from '../third-party/page.ts'

/** What every page of the desk knows: who sits there, and what waits. */
export interface DeskPage extends PageContext {
  person: Person
  /** UTC ms. */
  now: number
  /** The rule library, where a form of this page cites it. */
  library?: readonly AdoptedRule[] | undefined
  /** Open alerts. */
  alerts: number
  /** Shards that do not answer: their complaints are missing on this page. */
  silent?: readonly number[] | undefined
  /** Where the language switch leads; the page itself where it was got by GET. */
  here?: string | undefined
}

/** A form of the desk that came back. */
export interface DeskForm extends FormState {
  act: string
  /** What happened after its page was drawn. */
  changed?: readonly StepView[]
}

/** Who answers for a complaint at the platform, as far as its steps say. */
export interface Assignment {
  officer: string | null
  /** The officer is the person who reads. */
  isMine: boolean
  desk: string | null
  /** The desk that a handoff was offered to, while it waits. */
  offeredTo: string | null
}

/** One complaint on the desk, folded and as its platform's readers see it. */
export interface Case {
  view: ComplaintView
  complaint: Complaint
  standing: Assignment
  /** This person ruled or refused before, and so can't hear the appeal. */
  ruledByMe: boolean
  /** Fields that can still be erased, each with who asked for that. */
  erasable: readonly { seq: number; field: string; askedBy: readonly string[] }[]
  /** The latest date that an extension may set; null where there is none to set. */
  latestExtension: number | null
  /** How many of this merchant's complaints wait for the platform, this one included. */
  related?: number | undefined
  /** Statements that the platform asked for outside. */
  awaited?: readonly AwaitedStatement[]
  /** What this browser signs with. */
  signing?: SigningData | null
  /** What the platform says of faults that touch it. */
  incidents?: readonly Incident[]
  /** The latest end that an interim report may set. */
  latestEnd: number
}

/** A complaint as its buyer would read it, in the language of the buyer's page. */
export interface AsRead {
  view: ComplaintView
  reader: PageContext
}

export const wordsOf = ({ locale }: Pick<PageContext, 'locale'>): DeskWords => DESK_WORDS[locale]

const navOf = (page: DeskPage): NavEntry[] => {
  const { nav } = wordsOf(page)
  return [
    { name: 'queue', href: '/desk', label: nav.queue },
    { name: 'alerts', href: '/desk/alerts', label: nav.alerts, count: page.alerts },
    { name: 'messages', href: '/desk/messages', label: nav.messages },
    { name: 'rules', href: '/desk/rules', label: nav.rules },
    { name: 'incidents', href: '/desk/incidents', label: nav.incidents },
    ...(page.person.role === 'supervisor'
      ? [
          { name: 'supervisor', href: '/desk/supervisor', label: nav.supervisor },
          { name: 'figures', href: '/desk/figures', label: FIGURES_WORDS[page.locale].desk.nav },
          { name: 'settings', href: '/desk/settings', label: SETTINGS_WORDS[page.locale].nav },
        ]
      : []),
  ]
}

export const deskPage = (page: DeskPage, { title, current, main }: { title: string; current: string; main: Html }) =>
  consolePage({ title, page, person: page.person, current, nav: navOf(page), main, here: page.here })

/** Above a list of all shards. */
export const silentNotice = (page: DeskPage): Html | false => {
  const { silent = [] } = page
  return (
    silent.length > 0 && html`<p class="notice bad" role="status">${wordsOf(page).queue.silent(silent.join(', '))}</p>`
  )
}

export const refusalWords = (code: string, page: DeskPage): string => {
  const words = wordsOf(page)
  return entry(words.refusals, code) ?? entry(page.words.refusals.byCode, code) ?? words.otherRefusal
}

/** A form of the desk being drawn. `act` finds its labels; `prefix` begins its field names where a page holds many. */
export interface DeskDrawn extends Drawn {
  page: DeskPage
  act: string
  prefix?: string
}

export const labelOf = (act: string, name: string, page: DeskPage): string => {
  const { fields } = wordsOf(page)
  return entry(fields, `${name}.${act}`) ?? entry(fields, name) ?? name
}

export const named = ({ act, prefix = '', page }: DeskDrawn, name: string, more: Partial<Field> = {}): Field => ({
  name: prefix + name,
  label: labelOf(act, name, page),
  ...more,
})

/** A date and an hour in Asia/Shanghai; the route gives it its offset. */
export const timeField = (drawn: DeskDrawn, field: Field, from: number, until: number | null): Html => {
  const id = idOf(drawn.name, field.name)
  const typed = drawn.back?.values[field.name] ?? ''
  const problem = drawn.back?.problems.find(each => each.field === field.name)?.message
  const by = [field.hint !== undefined && `${id}-hint`, problem !== undefined && `${id}-problem`].filter(Boolean)
  return html`<p class="field"><label for="${id}">${field.label}${field.optional ? html`<small>${wordsOf(drawn.page).optional}</small>` : null}</label>${
    field.hint !== undefined && html`<small id="${id}-hint">${field.hint}</small>`
  }${problem !== undefined && html`<strong class="problem" id="${id}-problem">${problem}</strong>`}<input type="datetime-local" id="${id}" name="${field.name}" value="${typed.slice(0, 16)}" min="${shanghaiDateTime(from)}"${
    until !== null && html` max="${shanghaiDateTime(until)}"`
  }${!field.optional && html` required`}${by.length > 0 && html` aria-describedby="${by.join(' ')}"`}${problem !== undefined && html` aria-invalid="true"`}></p>
`
}
