import type { Incident, IncidentNews } from '../complaint/view/incidents.ts'
import type { ComplaintView } from '../complaint/view/types.ts'
import type { PageContext, TrackContext } from './context.ts'
import { type Html, html } from './html.ts'

/** The incidents that touch a complaint: those that last in the open, those that are over folded, each with its history. */
export const incidentNotices = ({
  incidents = [],
  ...page
}: PageContext & Pick<TrackContext, 'incidents'>): Html | null => {
  if (incidents.length === 0) return null
  const { incident: words } = page.words
  const lasting = incidents.filter(({ endedAt }) => endedAt === null)
  const over = incidents.filter(({ endedAt }) => endedAt !== null)
  return html`${lasting.map(
    ({ news }) => html`<section class="notice" role="status"><p><b>${words.title}</b> ${newest(news)?.what ?? ''}</p>
<p>${expected(newest(news), page)} <small>${words.noClock}</small></p>${news.length > 1 && html`<details><summary>${words.history}</summary>${history(news, page)}</details>`}</section>`,
  )}${
    over.length > 0 &&
    html`<details class="fold"><summary>${words.over}</summary><div class="inner">${over.map(({ news }) => history(news, page))}</div></details>`
  }`
}

/** That the log lost leaves since this complaint began: what is not here was not preserved. */
export const lossNotice = ({ complaint: { lost } }: ComplaintView, { words, dictionary }: TrackContext): Html | null =>
  lost === null
    ? null
    : html`<p class="notice bad" role="note">${words.lost(dictionary.when(lost.at), lost.leaves)}</p>`

const newest = (news: Incident['news']): IncidentNews | undefined => news.at(-1)

const expected = (
  last: IncidentNews | undefined,
  { words, dictionary }: Pick<TrackContext, 'words' | 'dictionary'>,
): string =>
  last?.until === null || last === undefined
    ? ''
    : words.incident.until(dictionary.when(new Date(last.until).toISOString()))

/** Oldest first, as it was said. */
export const history = (
  news: readonly IncidentNews[],
  { words, dictionary }: Pick<TrackContext, 'words' | 'dictionary'>,
): Html =>
  html`<ul>${news.map(each => {
    const at = new Date(each.at).toISOString()
    return html`<li><time datetime="${at}">${dictionary.when(at)}</time> <span dir="auto">${each.what}</span> <small>${
      each.ended ? words.incident.ended : expected(each, { words, dictionary })
    }</small></li>`
  })}</ul>`
