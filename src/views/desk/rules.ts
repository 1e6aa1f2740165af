import { type AdoptedRule, rulesInForce } from '../../complaint/platform-rule.ts'
import { iso } from '../../complaint/time.ts'
import { areaField, checkField, textField } from '../acts/fields.ts'
import type { FormState } from '../context.ts'
import { type Html, html } from '../html.ts'
import { type DeskDrawn, type DeskPage, deskPage, labelOf, named, refusalWords, wordsOf } from './context.ts'

/** The rules in force with their history, and for a supervisor a form for the next version of each, and for a new one. */
export const ruleLibraryPage = (
  versions: readonly AdoptedRule[],
  page: DeskPage,
  form?: FormState & { refusal?: string },
): Html => {
  const { library: words } = wordsOf(page)
  const inForce = new Set(rulesInForce(versions).map(({ code }) => code))
  const codes = [...new Set(versions.map(({ code }) => code))].sort()
  const back = (code: string) => (form?.values.code === code ? form : null)
  const isNew = form !== undefined && !codes.includes(form.values.code ?? '')
  return deskPage(page, {
    title: words.title,
    current: 'rules',
    main: html`<div class="head"><h1>${words.title}</h1><p class="note">${words.lead} <a href="/rules">${words.public}</a></p></div>
${form ? trouble(form, page) : null}
${codes.length === 0 && html`<p class="plain">${words.none}</p>`}
${codes.map(code =>
  ruleSection(
    versions.filter(each => each.code === code),
    inForce.has(code),
    page,
    back(code),
  ),
)}
${page.person.role === 'supervisor' && html`<section class="plain" aria-labelledby="new-rule"><h2 id="new-rule">${words.add}</h2>${ruleForm('new', null, page, isNew ? form : null)}</section>`}`,
  })
}

const trouble = ({ refusal, problems }: FormState & { refusal?: string }, page: DeskPage): Html =>
  html`<section class="notice bad" role="alert" tabindex="-1" autofocus>${refusal !== undefined && html`<p>${refusalWords(refusal, page)}</p>`}${
    problems.length > 0 &&
    html`<p><b>${wordsOf(page).case.problems}</b></p><ul>${problems.map(({ field, message }) => html`<li>${labelOf('rules', field, page)}${page.words.colon}${message}</li>`)}</ul>`
  }</section>`

const ruleSection = (versions: readonly AdoptedRule[], isInForce: boolean, page: DeskPage, back: FormState | null) => {
  const { library: words } = wordsOf(page)
  const newest = versions.at(-1)
  if (!newest) return null
  return html`<section class="plain" aria-labelledby="rule-${newest.code}"><h2 id="rule-${newest.code}"><bdi>${newest.title}</bdi> <small>${newest.code}</small>${!isInForce && html` <span class="tag bad">${words.repealed}</span>`}</h2>
${versions.toReversed().map(
  (each, i) =>
    html`<details${i === 0 && html` open`}><summary>${words.version(each.version)} <small>${words.since(page.dictionary.when(iso(each.at)))}</small></summary>
<div class="quote"><b dir="auto">${each.title}</b><p dir="auto">${each.text}</p></div>
<p class="note"><a href="/rules/${each.digest}">${words.permanent}</a></p></details>`,
)}
${page.person.role === 'supervisor' && html`<details${back !== null && html` open`}><summary>${words.revise}</summary>${ruleForm(newest.code, newest, page, back)}</details>`}</section>`
}

const ruleForm = (name: string, newest: AdoptedRule | null, page: DeskPage, back: FormState | null): Html => {
  const { library: words } = wordsOf(page)
  const begun = newest && { values: { title: newest.title, text: newest.text }, problems: [] }
  const drawn: DeskDrawn = { name: `rule-${name.replaceAll('.', '-')}`, act: 'rules', page, back: back ?? begun }
  return html`<form method="post" action="/desk/rules"><input type="hidden" name="version" value="${(newest?.version ?? 0) + 1}">
${newest ? html`<input type="hidden" name="code" value="${newest.code}">` : textField(drawn, named(drawn, 'code', { hint: words.codeHint }))}
${textField(drawn, named(drawn, 'title'))}${areaField(drawn, named(drawn, 'text'))}
${newest && checkField(drawn, named(drawn, 'repealed', { optional: true }))}
<p class="note">${words.effect}</p><button>${words.submit}</button></form>`
}
