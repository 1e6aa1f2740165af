import type { PolicyDocument } from '../../complaint/deadlines/policy.ts'
import { type AdoptedRule, rulesInForce } from '../../complaint/platform-rule.ts'
import { iso } from '../../complaint/time.ts'
import type { PageContext } from '../context.ts'
import { wordsOf } from '../desk/context.ts'
import { row } from '../facts.ts'
import { type Html, html } from '../html.ts'
import { layout } from '../layout.ts'
import { type ClauseInWords, clausesOf } from './clauses.ts'

const GROUPS = ['times', 'caps', 'windows', 'limits', 'lapse'] as const
/** Figures of the whole complaint, under the title of those of each state. */
const WHOLE: readonly string[] = ['total', 'nudges', 'statements', 'retention']
/** What stands last, without a title of its own. */
const OTHERS: readonly string[] = ['outside', 'reminders', 'desks', 'categories', 'index']

/** The deadline policy behind a complaint's dates: every figure with its source (rule 14). Public. */
export const policyPage = (policy: PolicyDocument, hash: string, page: PageContext): Html => {
  const words = wordsOf(page).policy
  const { calendar } = policy
  const clauses = clausesOf(policy, page)
  const of = (group: string) =>
    clauses.filter(({ clause }) => clause.startsWith(`${group}.`) || (group === 'times' && WHOLE.includes(clause)))
  return layout({
    title: words.title,
    page,
    look: 'rules',
    main: html`<h1>${words.title}</h1>
<p class="note">${words.lead}</p>
${GROUPS.map(
  group => html`<section class="plain" aria-labelledby="${group}"><h2 id="${group}">${words.groups[group]}</h2>
<dl>${of(group).map(each => line(each, page))}</dl></section>`,
)}
${surges(policy, page)}
<section class="plain" aria-labelledby="calendar"><h2 id="calendar">${words.calendar}</h2><p>${words.calendarText(calendar.source, calendar.coveredUntil)}</p></section>
<section class="plain" aria-labelledby="more"><h2 id="more">${words.groups.more}</h2>
<dl>${clauses.filter(({ clause }) => OTHERS.includes(clause)).map(({ name, items, text }) => row(name, html`${items === null ? text : items.map(item => html`<bdi>${item}</bdi><br>`)}`))}</dl></section>
<p class="note">${policy.name} · ${words.version(hash)}</p>`,
  })
}

const line = ({ name, text, basis }: ClauseInWords, page: PageContext): Html => {
  // A source names the law, and after a colon what it asks, in the words of the document's author.
  const source = basis?.basis === 'law' ? `${page.words.colon}${basis.source.split(': ')[0]}` : ''
  return row(
    name,
    html`<b>${text}</b>${basis && html`<small>${page.words.card.bases[basis.basis] ?? ''}${source}</small>`}`,
  )
}

const surges = ({ surges = [] }: PolicyDocument, page: PageContext): Html | null => {
  const words = wordsOf(page).policy
  if (surges.length === 0) return null
  return html`<section class="plain" aria-labelledby="surges"><h2 id="surges">${words.surges}</h2><p class="note">${words.surgesText}</p>
<dl>${surges.map(({ name, from, until, hours }) => row(`${from} – ${until}`, html`+${words.hours(hours)} <small>${name}</small>`))}</dl></section>`
}

/** The platform's rules in force, for anyone. */
export const publicRulesPage = (versions: readonly AdoptedRule[], page: PageContext): Html => {
  const { library: words } = wordsOf(page)
  const rules = rulesInForce(versions)
  return layout({
    title: words.title,
    page,
    look: 'rules',
    main: html`<h1>${words.title}</h1><p class="note">${words.publicLead}</p>
${rules.length === 0 && html`<p class="plain">${words.none}</p>`}
${rules.map(rule => ruleText(rule, page, html`<h2><a href="/rules/${rule.digest}"><bdi>${rule.title}</bdi></a></h2>`))}`,
  })
}

/** One version, in force or not, with those before and after it. */
export const rulePage = (rule: AdoptedRule, versions: readonly AdoptedRule[], page: PageContext): Html => {
  const { library: words } = wordsOf(page)
  const newest = versions.findLast(({ code }) => code === rule.code)
  const others = versions.filter(({ code, version }) => code === rule.code && version !== rule.version)
  return layout({
    title: rule.title,
    page,
    look: 'rules',
    main: html`<h1 dir="auto">${rule.title}</h1>
${rule.repealed ? html`<p class="notice bad">${words.repealed}</p>` : newest !== undefined && newest.version > rule.version && html`<p class="notice">${words.superseded} <a href="/rules/${newest.digest}">${words.version(newest.version)}</a></p>`}
${ruleText(rule, page, null)}
${others.length > 0 && html`<section class="plain"><h2>${words.history}</h2><ul>${others.map(each => html`<li><a href="/rules/${each.digest}">${words.version(each.version)}</a> ${words.since(page.dictionary.when(iso(each.at)))}</li>`)}</ul></section>`}
<p class="note">${words.digest(rule.digest)}</p>`,
  })
}

const ruleText = (rule: AdoptedRule, page: PageContext, title: Html | null): Html => {
  const { library: words } = wordsOf(page)
  return html`<section class="plain">${title}<p class="note">${rule.code} · ${words.version(rule.version)} · ${words.since(page.dictionary.when(iso(rule.at)))}</p>
<div class="quote" lang="${rule.locale}"><p dir="auto">${rule.text}</p></div></section>`
}
