import { REFUSALS } from '../../complaint/refusal.ts'
import { DESK_WORDS } from '../../i18n/areas/desk.ts'
import { GALLERY_WORDS } from '../../i18n/areas/gallery.ts'
import { entry } from '../../i18n/values.ts'
import type { PageContext } from '../context.ts'
import { type Html, html } from '../html.ts'
import { layout } from '../layout.ts'

const ROOMS = ['track', 'intake', 'front', 'merchant', 'desk'] as const

/** Every specimen by the area that it belongs to. */
export const galleryPage = (
  page: PageContext,
  specimens: readonly { room: (typeof ROOMS)[number]; name: string }[],
): Html => {
  const words = GALLERY_WORDS[page.locale]
  return layout({
    title: words.title,
    page,
    here: '/gallery',
    main: html`<section class="plain"><h1>${words.title}</h1><p>${words.lead}</p></section>
${ROOMS.map(
  room =>
    html`<section class="plain" aria-labelledby="${room}"><h2 id="${room}">${words.rooms[room]}</h2><ul class="points">${specimens
      .filter(each => each.room === room)
      .map(
        ({ name }) => html`<li><a href="/gallery/${name}?lang=${page.locale}">${name}</a></li>
`,
      )}</ul></section>`,
)}`,
  })
}

const CODES = [...Object.keys(REFUSALS), 'stale']

/** Each refusal as its reader sees it: buyer and merchant read the page's words, an officer the desk's. */
export const refusalsPage = (page: PageContext): Html => {
  const words = GALLERY_WORDS[page.locale]
  return layout({
    title: words.refusals,
    page,
    main: html`<section class="plain"><h1>${words.refusals}</h1><p>${words.refusalsLead}</p></section>
${CODES.map(code => refusal(code, page))}`,
  })
}

const refusal = (code: string, { locale, words, dictionary }: PageContext): Html => {
  const { byCode, other } = words.refusals
  const { refusals, otherRefusal } = DESK_WORDS[locale]
  const { buyer, merchant, platform } = dictionary.roles
  return html`<section class="plain" aria-labelledby="refused-${code}"><h2 id="refused-${code}"><code>${code}</code></h2>
<p class="notice bad"><b>${buyer} · ${merchant}${words.colon}</b>${entry(byCode, code) ?? other}</p>
<p class="notice bad"><b>${platform}${words.colon}</b>${entry(refusals, code) ?? entry(byCode, code) ?? otherRefusal}</p></section>
`
}
