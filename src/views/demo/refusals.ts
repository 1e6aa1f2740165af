import { REFUSALS } from '../../complaint/refusal.ts'
import { deskWords } from '../../i18n/desk.ts'
import { galleryWords } from '../../i18n/gallery.ts'
import type { PageContext } from '../context.ts'
import { type Html, html } from '../html.ts'
import { layout } from '../layout.ts'

const CODES = [...Object.keys(REFUSALS), 'stale']

/** Each refusal in the words of whoever meets it: buyer and merchant read the page's, an officer the desk's. */
export const refusalsPage = (page: PageContext): Html => {
  const words = galleryWords[page.locale]
  return layout({
    title: words.refusals,
    page,
    main: html`<section class="plain"><h1>${words.refusals}</h1><p>${words.refusalsLead}</p></section>
${CODES.map(code => refusal(code, page))}`,
  })
}

const refusal = (code: string, { locale, words, dictionary }: PageContext): Html => {
  const { byCode, other } = words.refusals
  const { refusals, otherRefusal } = deskWords[locale]
  const { buyer, merchant, platform } = dictionary.roles
  return html`<section class="plain" aria-labelledby="refused-${code}"><h2 id="refused-${code}"><code>${code}</code></h2>
<p class="notice bad"><b>${buyer} · ${merchant}${words.colon}</b>${byCode[code] ?? other}</p>
<p class="notice bad"><b>${platform}${words.colon}</b>${refusals[code] ?? byCode[code] ?? otherRefusal}</p></section>
`
}
