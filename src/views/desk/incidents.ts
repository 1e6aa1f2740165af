import type { Incident } from '../../complaint/view/incidents.ts'
import { entry } from '../../i18n/values.ts'
import { areaField, selectField, textField } from '../acts/fields.ts'
import type { FormState } from '../context.ts'
import { type Html, html, inline } from '../html.ts'
import { history } from '../incidents.ts'
import { type DeskDrawn, type DeskPage, deskPage, named, timeField, wordsOf } from './context.ts'

export interface IncidentForm extends FormState {
  /** Id of the incident that the form is about; undefined for a new one. */
  incident?: string | undefined
}

/** What lasts, what is over, and a form to declare an incident. */
export const incidentsPage = (
  incidents: readonly Incident[],
  page: DeskPage,
  { categories, form }: { categories: readonly string[]; form?: IncidentForm | undefined },
): Html => {
  const { incidents: words } = wordsOf(page)
  return deskPage(page, {
    title: words.title,
    current: 'incidents',
    main: html`<div class="head"><h1>${words.title}</h1><p class="note">${words.lead}</p></div>
${incidents.length === 0 && html`<p class="plain">${words.none}</p>`}
${incidents.toReversed().map(each => incidentItem(each, page, form?.incident === each.id ? form : undefined))}
<section class="plain" aria-labelledby="declare"><h2 id="declare">${words.declare}</h2>
<form method="post" action="/desk/incidents">${declaring(page, categories, form && form.incident === undefined ? form : null)}<button>${words.submit}</button></form></section>`,
  })
}

const incidentItem = (incident: Incident, page: DeskPage, form: IncidentForm | undefined): Html => {
  const { incidents: words } = wordsOf(page)
  const [first] = incident.news
  return html`<section class="plain"><h2>${incident.endedAt === null ? words.lasting : page.words.incident.ended}</h2>
<p class="note">${touched(first?.merchants, words.allMerchants)} · ${touched(
    first?.categories?.map(each => entry(page.dictionary.categories, each) ?? each),
    words.allCategories,
  )}</p>
${history(incident.news, page)}
${
  incident.endedAt === null &&
  html`<form method="post" action="/desk/incidents"><input type="hidden" name="incident" value="${incident.id}">${saying(page, `update-${incident.id}`, form ?? null)}<div class="buttons"><button>${words.update}</button><button class="second" name="ended" value="true" formnovalidate>${words.end}</button></div></form>`
}</section>`
}

const touched = (names: readonly string[] | null | undefined, all: string): string =>
  names ? names.map(inline).join(' ') : all

const drawnFor = (page: DeskPage, name: string, back: FormState | null): DeskDrawn => ({
  name,
  act: 'incidents',
  page,
  back,
})

const saying = (page: DeskPage, name: string, back: FormState | null): Html[] => {
  const drawn = drawnFor(page, name, back)
  return [areaField(drawn, named(drawn, 'what')), timeField(drawn, named(drawn, 'until'), page.now, null)]
}

const declaring = (page: DeskPage, categories: readonly string[], back: FormState | null): Html[] => {
  const drawn = drawnFor(page, 'declare', back)
  const { incidents: words } = wordsOf(page)
  const options = categories.map(each => [each, entry(page.dictionary.categories, each) ?? each] as const)
  return [
    ...saying(page, 'declare', back),
    textField(drawn, named(drawn, 'merchants', { optional: true, hint: words.merchantsHint })),
    selectField(drawn, named(drawn, 'categories', { optional: true }), options, words.allCategories),
  ]
}
