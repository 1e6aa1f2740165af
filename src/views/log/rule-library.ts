import { type AdoptedRule, rulesInForce } from '../../complaint/platform-rule.ts'
import { iso } from '../../complaint/time.ts'
import type { PageContext } from '../context.ts'
import { wordsOf } from '../desk/context.ts'
import { type Html, html } from '../html.ts'
import { layout } from '../layout.ts'

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
