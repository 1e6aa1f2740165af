// What the operator set, and what another deadline policy would change. Names and addresses alone: no key, token or secret.

import { POLICY_EFFECTS, type PolicyEffect, type PolicyTrialTally } from '../../complaint/deadlines/other-policy.ts'
import type { Policy, PolicyFault } from '../../complaint/deadlines/policy.ts'
import { type AdoptedRule, rulesInForce } from '../../complaint/platform-rule.ts'
import { iso } from '../../complaint/time.ts'
import type { State } from '../../complaint/words.ts'
import { SETTINGS_WORDS } from '../../i18n/areas/settings.ts'
import { areaField, checkField, textField } from '../acts/fields.ts'
import type { FormState } from '../context.ts'
import { row } from '../facts.ts'
import { type Html, html, inline } from '../html.ts'
import { type ClauseInWords, clausesOf, nameOfClause } from '../log/rules.ts'
import {
  type DeskDrawn,
  type DeskPage,
  deskPage,
  labelOf,
  named,
  refusalWords,
  silentNotice,
  wordsOf,
} from './context.ts'

export interface OperatorSettings {
  version: string
  demo: boolean
  baseUrl: string
  policy: Policy
  /** Names of the policy documents that are shipped. */
  shipped: readonly string[]
  /** SMS vendors in the order in which they are tried. */
  vendors: readonly string[]
  witnesses: { names: readonly string[]; quorum: string } | null
  /** Hosts of the time-stamping authority and the identity provider. */
  tsa: string | null
  signIn: string | null
  logs: readonly { shard: number; origin: string; key: string }[]
}
/** What was posted. */
export interface TrialForm {
  shipped: string
  document: string
  faults: readonly PolicyFault[]
  problem: 'notJson' | 'empty' | 'long' | null
}
interface Trial extends Omit<PolicyTrialTally, 'examples'> {
  /** `code` is the complaint's id as it is written. */
  examples: readonly { effect: PolicyEffect; code: string; due: number | null; would: number | null }[]
  document: Policy
  isPartial: boolean
  surges: string | null
  isAdopted: boolean
}

const settingsWords = ({ locale }: DeskPage) => SETTINGS_WORDS[locale]

export const settingsPage = (settings: OperatorSettings, page: DeskPage, form: TrialForm | null = null): Html => {
  const words = settingsWords(page)
  return deskPage(page, {
    title: words.title,
    current: 'settings',
    main: html`<div class="head"><h1>${words.title}</h1><p class="note">${words.lead}</p></div>
${silentNotice(page)}
${form !== null && wrong(form, page)}
${inForce(settings.policy, page)}
${trialForm(settings, page, form)}
<section class="plain" aria-labelledby="adopt"><h2 id="adopt">${words.adopt.title}</h2><ol>${words.adopt.steps.map(step => html`<li>${step}</li>`)}</ol></section>
${server(settings, page)}`,
  })
}

const inForce = (policy: Policy, page: DeskPage): Html => {
  const words = settingsWords(page)
  return html`<section class="plain" aria-labelledby="in-force"><h2 id="in-force">${words.policy}</h2>
<dl>${row(words.name, html`<a href="/rules/${policy.hash}">${policy.name}</a>`)}
${row(words.fingerprint, html`<code>${policy.hash}</code>`)}
${row(words.desks, policy.desks ? html`<bdi>${policy.desks.join('、')}</bdi>` : html`${words.noDesks}`)}
${row(words.categories, html`${policy.categories.map(name => page.dictionary.categories[name] ?? name).join('、')}`)}</dl>
<details><summary>${words.figures}</summary>${figuresTable(policy, page)}</details></section>`
}

/** What stands above the table already. */
const SHOWN_ABOVE: readonly string[] = ['desks', 'categories']

const figuresTable = (policy: Policy, page: DeskPage): Html => {
  const words = settingsWords(page)
  const clauses = clausesOf(policy, page).filter(({ clause }) => !SHOWN_ABOVE.includes(clause))
  return html`<div class="sheet"><table class="list-table" aria-label="${words.figures}"><thead><tr><th scope="col">${words.clause}</th><th scope="col">${words.value}</th></tr></thead>
<tbody>${clauses.map(({ name, text }) => html`<tr><th scope="row">${name}</th><td data-label="${words.value}">${text}</td></tr>`)}</tbody></table></div>`
}

const trialForm = ({ policy, shipped }: OperatorSettings, page: DeskPage, form: TrialForm | null): Html => {
  const { try: words } = settingsWords(page)
  const chosen = form?.shipped ?? ''
  const isWrong = form !== null && (form.faults.length > 0 || form.problem !== null)
  return html`<section class="plain" aria-labelledby="try"><h2 id="try">${words.title}</h2>
<p>${words.lead}</p><p><b>${words.bound}</b></p><p class="note">${words.meaning}</p>
<form method="post" action="/desk/settings">
<p class="field"><label for="try-shipped">${words.shipped}</label><select id="try-shipped" name="shipped"><option value="">${words.none}</option>${shipped.map(name => html`<option value="${name}"${name === chosen && html` selected`}>${name}${name === policy.name && ` · ${words.now}`}</option>`)}</select></p>
<p class="field"><label for="try-document">${words.document}</label><textarea id="try-document" name="document" rows="8" spellcheck="false" class="mono"${isWrong && html` aria-invalid="true" aria-describedby="try-wrong"`}>
${form?.document ?? ''}</textarea></p>
<button>${words.submit}</button></form></section>`
}

const wrong = ({ faults, problem }: TrialForm, page: DeskPage): Html => {
  const { try: words } = settingsWords(page)
  const said = ({ path, kind, message }: PolicyFault) =>
    html`<li><code>${path === '' ? words.document : path}</code> ${kind === 'wrong' ? html`<span lang="en">${message}</span>` : words[kind]}</li>`
  return html`<section class="notice bad" id="try-wrong" role="alert" tabindex="-1" autofocus>${
    problem === null
      ? html`<p><b>${words.faults(faults.length)}</b></p><ul>${faults.map(said)}</ul>`
      : html`<p>${problem === 'empty' ? words.empty : html`${words.document} ${words[problem]}`}</p>`
  }</section>`
}

const server = (settings: OperatorSettings, page: DeskPage): Html => {
  const words = settingsWords(page)
  const { version, demo, baseUrl, vendors, witnesses, tsa, signIn, logs } = settings
  const none = html`${words.absent}`
  return html`<section class="plain" aria-labelledby="server"><h2 id="server">${words.server}</h2>
<dl>${row(words.version, html`${version}`)}
${row(words.mode, html`${demo ? words.demo : words.live}`)}
${row(words.address, html`<bdi>${baseUrl}</bdi>`)}
${row(words.brand, html`<bdi>${page.words.brand}</bdi>`)}
${row(words.sms, vendors.length > 0 ? html`${vendors.map(name => (name === 'platform' ? words.notice : name)).join(' → ')}` : html`${words.noSms}`)}
${row(words.signIn, signIn === null ? none : html`<bdi>${signIn}</bdi>`)}
${row(words.tsa, tsa === null ? none : html`<bdi>${tsa}</bdi>`)}
${row(words.witnesses, witnesses === null ? none : html`<bdi>${witnesses.names.join('、')}</bdi> <small>${words.quorum(witnesses.quorum)}</small>`)}
${logs.map(({ shard, origin, key }) => row(`${words.logs} · ${words.shard(shard)}`, html`<bdi>${origin}</bdi><br><small>${words.key} <code>${key}</code></small>`))}</dl></section>`
}

// The dry run. Its page is sent in parts: what stands above the progress, the progress, and the rest.

const MARK = '<!-- trial -->'

/** The page around the trial: what is sent before the first complaint is looked at, up to the open `div` of its progress, and the end of the page. */
export const trialPage = (
  settings: OperatorSettings,
  document: Policy,
  page: DeskPage,
): [head: string, tail: string] => {
  const { try: words } = settingsWords(page)
  const drawn = String(
    deskPage(page, {
      title: words.title,
      current: 'settings',
      main: html`<p class="crumb"><a href="/desk/settings">${words.back}</a></p>
<h1>${words.title}</h1>
<p>${document.name} <small><code>${document.hash}</code></small></p>
${document.hash === settings.policy.hash && html`<p class="notice">${words.same}</p>`}
<p><b>${words.bound}</b></p><p class="note">${words.meaning}</p>
${differences(settings.policy, document, page)}
<div class="trial"><p>${words.running}</p>
<!-- trial -->`,
    }),
  )
  const at = drawn.indexOf(MARK)
  return [drawn.slice(0, at), drawn.slice(at + MARK.length)]
}

/** The newest of these is the one that is shown (console.css). */
export const trialProgress = (done: number, all: number, page: DeskPage): string => {
  const { try: words } = settingsWords(page)
  const text = words.progress(done, Math.max(done, all))
  return `${html`<p><progress max="${Math.max(done, all, 1)}" value="${done}" aria-label="${text}"></progress> ${text}</p>\n`}`
}

export const trialResult = (trial: Trial, page: DeskPage): string => {
  const { try: words } = settingsWords(page)
  const { changed, open } = trial
  return `</div>${html`<section class="result" aria-labelledby="result"><h2 id="result" tabindex="-1" autofocus>${changed > 0 ? words.result(changed, open) : words.noChange(open)}</h2>
${silentNotice(page)}
${trial.isPartial && html`<p class="notice bad">${words.partial}</p>`}
${trial.unreadable > 0 && html`<p class="notice bad">${words.unreadable(trial.unreadable)}</p>`}
${trial.isAdopted && html`<p class="note">${words.adopted}</p>`}
${trial.surges !== null && html`<p class="notice bad">${words.surges} <span lang="en">${trial.surges}</span></p>`}
${changed > 0 && html`${effectTable(trial, page)}${countTable(words.byState, words.state, states(trial, page), page)}${countTable(words.byDesk, words.desk, desks(trial, page), page)}`}
<section class="plain" aria-labelledby="bindings"><h3 id="bindings">${words.bindings}</h3><dl>${Object.entries(trial.policies).map(([name, count]) => row(name, html`${count}`))}</dl></section>
</section>`}`
}

const DATED: readonly PolicyEffect[] = ['earlier', 'later', 'overdue', 'in_time']

export const trialFailed = (page: DeskPage): string =>
  `</div>${html`<p class="notice bad" role="alert">${settingsWords(page).try.failed}</p>`}`

const found = ({ effects }: Trial): PolicyEffect[] => POLICY_EFFECTS.filter(name => (effects[name] ?? 0) > 0)

const effectTable = (trial: Trial, page: DeskPage): Html => {
  const { try: words, effects } = settingsWords(page)
  const when = (at: number | null) => (at === null ? '–' : page.dictionary.when(new Date(at).toISOString()))
  const names = found(trial)
  return html`<div class="sheet"><table class="list-table" aria-label="${words.what}"><thead><tr><th scope="col">${words.what}</th><th scope="col">${words.count}</th><th scope="col">${words.examples}</th></tr></thead>
<tbody>${names.map(
    name =>
      html`<tr><th scope="row">${effects[name]}</th><td data-label="${words.count}">${trial.effects[name] ?? 0}</td><td data-label="${words.examples}"><ul>${trial.examples
        .filter(({ effect }) => effect === name)
        .map(
          ({ code, due, would }) =>
            html`<li><a href="/desk/complaints/${code}">${code}</a>${DATED.includes(name) && html` <small>${words.example(when(due), when(would))}</small>`}</li>`,
        )}</ul></td></tr>`,
  )}</tbody></table></div>
${names.some(name => name === 'lapses' || name === 'stays_open') && html`<p class="note">${words.lapseNote}</p>`}`
}

type Counted = [name: string, counts: { open: number } & Partial<Record<PolicyEffect, number>>]

const states = ({ states }: Trial, { dictionary }: DeskPage): Counted[] =>
  // Cast: the keys are those of `states`.
  (Object.entries(states) as [State, Counted[1]][]).map(([state, counts]) => [dictionary.states[state], counts])
const desks = ({ desks }: Trial, page: DeskPage): Counted[] =>
  Object.entries(desks).map(([name, counts]) => [name === '' ? settingsWords(page).try.noDesk : inline(name), counts])

const countTable = (title: string, label: string, rows: readonly Counted[], page: DeskPage): Html => {
  const { try: words, effects } = settingsWords(page)
  const columns = POLICY_EFFECTS.filter(name => rows.some(([, counts]) => (counts[name] ?? 0) > 0))
  const busiest = rows.toSorted(([, a], [, b]) => b.open - a.open)
  return html`<h3>${title}</h3><div class="sheet"><table class="list-table" aria-label="${title}"><thead><tr><th scope="col">${label}</th><th scope="col">${words.open}</th>${columns.map(name => html`<th scope="col">${effects[name]}</th>`)}</tr></thead>
<tbody>${busiest.map(([name, counts]) => html`<tr><th scope="row"><bdi>${name}</bdi></th><td data-label="${words.open}">${counts.open}</td>${columns.map(each => html`<td data-label="${effects[each]}">${counts[each] ?? 0}</td>`)}</tr>`)}</tbody></table></div>`
}

// How two documents differ.

/** What stands in a cell: a long list that changed shows what the other has not; a figure whose value is the same, what it rests on. */
const cell = (own: ClauseInWords | undefined, other: ClauseInWords | undefined, page: DeskPage): Html => {
  const words = settingsWords(page).try
  if (!own) return html`${words.lacks}`
  const { text, items, basis } = own
  const onlyHere = items?.filter(item => !(other?.items ?? []).includes(item)) ?? []
  if (other && items && items.join('; ') !== text && onlyHere.length > 0)
    return html`${text} <small>${words.onlyHere(onlyHere.join('; '))}</small>`
  if (other && other.text === text && basis) {
    const { bases } = page.words.card
    return html`${text} <small>${bases[basis.basis]}${page.words.colon}<span lang="">${inline(basis.source)}</span></small>`
  }
  return html`${text}`
}

const isSame = (a: ClauseInWords | undefined, b: ClauseInWords | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b)

const differences = (now: Policy, then: Policy, page: DeskPage): Html => {
  const words = settingsWords(page)
  const [old, other] = [now, then].map(policy => new Map(clausesOf(policy, page).map(each => [each.clause, each])))
  const clauses = [...new Set([...(old?.keys() ?? []), ...(other?.keys() ?? [])])]
  const changed = clauses
    .map(clause => [clause, old?.get(clause), other?.get(clause)] as const)
    .filter(([, was, is]) => !isSame(was, is))
  if (changed.length === 0) return html`<p class="note">${words.try.noDifferences}</p>`
  return html`<h2>${words.try.differences}</h2><div class="sheet"><table class="list-table" aria-label="${words.try.differences}"><thead><tr><th scope="col">${words.clause}</th><th scope="col">${words.try.now}</th><th scope="col">${words.try.other}</th></tr></thead>
<tbody>${changed.map(([clause, was, is]) => html`<tr><th scope="row">${nameOfClause(clause, page)}</th><td data-label="${words.try.now}">${cell(was, is, page)}</td><td data-label="${words.try.other}">${cell(is, was, page)}</td></tr>`)}</tbody></table></div>`
}

// Rule library.

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
