import { galleryWords } from '../../i18n/gallery.ts'
import type { PageContext } from '../context.ts'
import { type Html, html } from '../html.ts'
import { layout } from '../layout.ts'

const ROOMS = ['track', 'intake', 'front', 'merchant', 'desk'] as const

/** Every specimen by the room that it belongs to. */
export const galleryPage = (
  page: PageContext,
  specimens: readonly { room: (typeof ROOMS)[number]; name: string }[],
): Html => {
  const words = galleryWords[page.locale]
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
