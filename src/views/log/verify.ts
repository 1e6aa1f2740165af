import type { Locale } from '../../complaint/words.ts'
import { enVerify } from '../../i18n/en/verify.ts'
import { type VerifyWords, zhCNVerify } from '../../i18n/zh-CN/verify.ts'
import { zhTWVerify } from '../../i18n/zh-TW/verify.ts'
import type { PageContext } from '../context.ts'
import { type Html, html } from '../html.ts'
import { layout } from '../layout.ts'

export const VERIFY_WORDS: Record<Locale, VerifyWords> = { 'zh-CN': zhCNVerify, 'zh-TW': zhTWVerify, en: enVerify }

/**
 * Where a receipt can be dropped. `policies` are the paths of this server's trust policies, one a shard. The checking is
 * done by `public/verify.js` (src/verify-page); without it the page still says what to do. `pinned` is the one policy of a page
 * that stands alone in a file (src/verify-page/build.ts).
 */
export const verifyPage = (page: PageContext, policies: readonly string[], pinned: string | null = null): Html => {
  const words = VERIFY_WORDS[page.locale]
  return layout({
    title: words.page.title,
    page,
    main: html`<section class="card"><div class="band"><h1>${words.page.title}</h1><p class="end">${words.page.lead}</p></div></section>
<p class="notice" id="verify-off">${words.page.off}</p>
<p class="notice bad" id="verify-old" role="alert" hidden>${words.page.old}</p>
${desk(words, scriptWords(words, page, pinned !== null), policies, pinned)}
<div id="verify-verdict" role="status"></div>
<div class="sheets" id="verify-result"></div>
${limits(words, pinned !== null)}
${offline(words)}
<script type="module" src="/verify.js"></script>`,
  })
}

/** Everything that the script says, flat, as JSON for an attribute: the strict CSP leaves no other way in. */
const scriptWords = ({ page, script }: VerifyWords, { words }: PageContext, isPinned: boolean): string => {
  const { human, machine, self, clock } = words.timeline
  const hands = prefixed('hand', { human, machine, self, clock })
  const own = isPinned ? { 'say.own': page.pinnedOwn } : {}
  return JSON.stringify({ ...script, ...own, ...hands, ...prefixed('field', words.fields) })
}

const prefixed = (prefix: string, words: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(words).map(([name, word]) => [`${prefix}.${name}`, word]))

const desk = ({ page }: VerifyWords, script: string, policies: readonly string[], pinned: string | null): Html =>
  html`<section class="plain" id="verify" aria-labelledby="verify-title" hidden data-words="${script}" data-policies="${policies.join(' ')}">
<h2 id="verify-title">${page.receiptTitle}</h2>
<form>
<p class="field"><label for="verify-receipt">${page.receipt}</label><small id="verify-receipt-hint">${page.receiptHint}</small><input type="file" id="verify-receipt" accept=".json,application/json" aria-describedby="verify-receipt-hint"></p>
<p class="field"${pinned !== null && html` hidden`}><button class="second" type="button" id="verify-site" aria-describedby="verify-site-hint">${page.site}</button><small id="verify-site-hint">${page.siteHint}</small></p>
<p class="field"><label for="verify-policy">${page.policy}</label><small id="verify-policy-hint">${page.policyHint}</small><textarea id="verify-policy" rows="4" spellcheck="false" autocomplete="off" autocapitalize="off" aria-describedby="verify-policy-hint"${pinned !== null && html` readonly`}>${pinned ?? ''}</textarea></p>
<p class="field"${pinned !== null && html` hidden`}><label for="verify-policy-file">${page.policyFile}</label><input type="file" id="verify-policy-file" accept=".txt,text/plain"></p>
<p class="field"><label for="verify-token">${page.token}</label><small id="verify-token-hint">${page.tokenHint}</small><textarea id="verify-token" rows="2" spellcheck="false" autocomplete="off" autocapitalize="off" aria-describedby="verify-token-hint"></textarea></p>
<button>${page.check}</button>
<p class="field"><label for="verify-log">${page.log}</label><small id="verify-log-hint">${page.logHint}</small><input type="url" id="verify-log" placeholder="https://…/log/0" autocomplete="off" aria-describedby="verify-log-hint"></p>
<p><button class="second" type="button" id="verify-live">${page.live}</button></p>
</form></section>`

const limits = ({ page }: VerifyWords, isPinned: boolean): Html =>
  html`<section class="plain" aria-labelledby="verify-limits"><h2 id="verify-limits">${page.limitsTitle}</h2>${(isPinned ? [page.pinnedLimit, ...page.limits.slice(1)] : page.limits).map(limit => html`<p>${limit}</p>`)}</section>`

const offline = ({ page }: VerifyWords): Html =>
  html`<section class="plain" aria-labelledby="verify-offline"><h2 id="verify-offline">${page.offlineTitle}</h2>
<p>${page.offline}</p>
<p>${page.node}</p>
<p class="quote"><code>${page.nodeCommand}</code></p>
<p>${page.python}</p>
<p class="quote"><code>${page.pythonCommand}</code></p>
<p>${page.exit}</p></section>`
