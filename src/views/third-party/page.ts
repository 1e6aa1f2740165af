import type { Incident } from '../../complaint/view/incidents.ts'
import type { ThirdParty } from '../../complaint/words.ts'
import { THIRD_PARTY_WORDS } from '../../i18n/areas/third-party.ts'
import { entry } from '../../i18n/values.ts'
import { areaField, filesField, idOf } from '../acts/fields.ts'
import type { FormState, PageContext } from '../context.ts'
import { row } from '../facts.ts'
import { type Html, html, inline } from '../html.ts'
import { incidentNotices } from '../incidents.ts'
import { layout } from '../layout.ts'

/** All that a third party is shown: what was asked, by when, and what became of it. Nothing of the buyer. */
export interface Asked {
  party: ThirdParty
  asker: 'merchant' | 'platform'
  category: string
  /** Null once it was erased. */
  question: string | null
  /** Instants as ISO 8601. */
  due: string
  /** Of the step that asked: makes a double submit one step. */
  leaf: string
  state: 'awaited' | 'given' | 'late' | 'ended'
  answer: { at: string; text: string | null; files: readonly string[] } | null
  /** Those that touch the complaint. */
  incidents: readonly Incident[]
}

interface Shown {
  base: string
  form?: FormState | undefined
}

const TONES = { awaited: 'you', given: 'done', late: 'shut', ended: 'shut' } as const

export const statementPage = (asked: Asked, page: PageContext, { base, form }: Shown): Html => {
  const words = THIRD_PARTY_WORDS[page.locale]
  const { dictionary } = page
  const party = dictionary.roles[asked.party]
  return layout({
    title: words.titles[asked.state],
    page,
    here: base,
    scripts: asked.state === 'awaited' ? ['photos.js'] : [],
    main: html`<section class="card ${TONES[asked.state]}"><div class="band"><h1>${words.titles[asked.state]}</h1><p class="end">${words.lead(party, dictionary.roles[asked.asker])}</p></div>
<dl>${row(words.about, html`${entry(dictionary.categories, asked.category) ?? asked.category}`)}${
      asked.state === 'awaited' &&
      row(words.by, html`<time datetime="${asked.due}">${dictionary.when(asked.due)}</time> ${page.words.card.zone}`)
    }</dl>
${asked.question !== null && html`<div class="quote"><b>${words.question}</b><p dir="auto">${asked.question}</p></div>`}</section>
${refused(page, form)}${incidentNotices({ ...page, incidents: asked.incidents })}${body(asked, page, { base, form })}`,
  })
}

const refused = (page: PageContext, form: FormState | undefined): Html | null => {
  if (form?.refusal === undefined) return null
  const said = entry(page.words.refusals.byCode, form.refusal) ?? page.words.refusals.other
  return html`<section class="notice bad" role="alert" tabindex="-1" autofocus><p><b>${THIRD_PARTY_WORDS[page.locale].refused}</b>${said}</p></section>
`
}

const body = (asked: Asked, page: PageContext, shown: Shown): Html => {
  const words = THIRD_PARTY_WORDS[page.locale]
  const { when } = page.dictionary
  if (asked.state === 'awaited') return statementForm(asked, page, shown)
  if (asked.answer) return given(asked.answer, page)
  const text = asked.state === 'late' ? words.late(when(asked.due)) : words.ended
  return html`<section class="plain"><p>${text}</p></section>`
}

const given = ({ at, text, files }: NonNullable<Asked['answer']>, page: PageContext): Html => {
  const words = THIRD_PARTY_WORDS[page.locale]
  return html`<section class="plain"><p role="status">${words.given(page.dictionary.when(at))}</p>
${text !== null && html`<div class="quote"><b>${words.yours}</b><p dir="auto">${text}</p></div>`}${
  files.length > 0 &&
  html`<div class="quote"><b>${words.yourFiles}</b><ul>${files.map(name => html`<li><bdi>${inline(name)}</bdi></li>`)}</ul></div>`
}</section>`
}

const statementForm = ({ leaf }: Asked, page: PageContext, { base, form }: Shown): Html => {
  const words = THIRD_PARTY_WORDS[page.locale]
  const drawn = { name: 'statements', page, back: form ?? null }
  const wrong =
    (form?.problems.length ?? 0) > 0 &&
    html`<div class="notice bad" role="alert"><ul>${form?.problems.map(({ field, message }) => html`<li><a href="#${idOf('statements', field)}">${field === 'text' ? words.text : words.files}${page.words.colon}${message}</a></li>`) ?? null}</ul></div>`
  return html`<section class="plain"><form method="post" action="${base}" enctype="multipart/form-data">
<input type="hidden" name="seen" value="${leaf}"><p class="effect">${words.note}</p>
${wrong}${areaField(drawn, { name: 'text', label: words.text })}${filesField(drawn, { name: 'files', label: words.files, optional: true })}<button>${words.send}</button>
</form></section>`
}

/** A statement that is awaited, as those who asked for it see it: with the link that they hand on. */
export interface AwaitedStatement {
  party: ThirdParty
  /** ISO 8601. */
  due: string
  url: string
}

export const awaitedStatements = (awaited: readonly AwaitedStatement[], page: PageContext): Html | null => {
  if (awaited.length === 0) return null
  const { asked } = THIRD_PARTY_WORDS[page.locale]
  const { roles, when } = page.dictionary
  return html`<section class="plain" aria-labelledby="outside-asked"><h2 id="outside-asked">${asked.title}</h2>
${awaited.map(
  ({ party, due, url }, i) =>
    html`<p class="field"><label for="asked-${i}">${asked.until(roles[party], when(due))}<small>${asked.link}</small></label><input id="asked-${i}" value="${url}" readonly></p>`,
)}<p class="note">${asked.note}</p></section>`
}
