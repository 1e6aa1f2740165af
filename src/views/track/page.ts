import type { ComplaintView } from '../../complaint/view/types.ts'
import { failure, mainActs, moreActs, problemSummary } from '../acts/acts.ts'
import type { TrackContext } from '../context.ts'
import { order } from '../facts.ts'
import { hours } from '../hours.ts'
import { type Html, html, inline } from '../html.ts'
import { incidentNotices, lossNotice } from '../incidents.ts'
import { layout } from '../layout.ts'
import { retentionNote } from '../retention.ts'
import { timeline } from '../timeline.ts'
import { card } from './card.ts'
import { devices } from './devices.ts'
import { outsideRemedies } from './outside.ts'
import { evidenceOfRecord, halted, onPaper, readOnly, shareLink } from './proof.ts'
import { satisfaction } from './satisfaction.ts'
import { givenUpUnsigned } from './unsigned.ts'

// In this order: htmx is there when ours starts.
const SCRIPTS = ['htmx.min.js', 'photos.js', 'track.js']

/** The tracking page: everything a buyer needs to know, and may do, about one complaint. */
export const trackingPage = (view: ComplaintView, page: TrackContext): Html => {
  const { words, dictionary, base } = page
  // Just made, a share link is what its maker looks for.
  const justShared = view.steps.at(-1)?.kind === 'link_shared'
  return layout({
    title: `${failure(page, page.form)}${dictionary.states[view.complaint.state]} · ${words.complaintNo(view.complaint.id)}`,
    page,
    look: 'track',
    here: base,
    scripts: page.signing ? [...SCRIPTS, 'sign.js'] : SCRIPTS,
    before: announcer(view, page),
    // What a form answers replaces all of it, in place.
    attributes: html` hx-target:inherited="main" hx-select:inherited="main" hx-swap:inherited="outerHTML" hx-sync:inherited="drop"`,
    main: html`${problemSummary(view, page)}
${readOnly(page)}
${onPaper(view, page)}
<div id="now"${polling(page)}>${halted(page)}${lossNotice(view, page)}${incidentNotices(page)}${givenUpUnsigned(view, page)}${card(view, page)}
${outsideRemedies(view, page)}</div>
<div id="acts">${justShared ? shareLink(page) : null}${satisfaction(view, page)}${mainActs(view, page)}
${moreActs(view, page)}</div>
<div id="story">${timeline(view, page)}
${hours(view, page)}
${order(view, page)}</div>
<div id="more">${justShared ? null : shareLink(page)}
${page.scope === 'act' && html`<p class="note"><a href="${base}/mine">${words.mine.link}</a></p>`}
${evidenceOfRecord(page)}
${page.scope === 'act' && retentionNote(view, page)}
${devices(view, page)}</div>`,
  })
}

/** Says aloud what came while the page was open. Empty without a script; it stays when `main` goes. */
const announcer = ({ complaint }: ComplaintView, { words }: TrackContext): Html => {
  const { fresh, done } = words.news
  const { failed, again } = words.photos
  const gone = words.pages.notFound.title
  return html`<p id="news" role="status" tabindex="-1" data-fresh="${fresh}" data-done="${done}" data-failed="${failed}" data-again="${again}" data-gone="${gone}" data-title="${inline(words.complaintNo(complaint.id))}"></p>`
}

/** Polling: refreshes the four parts one by one, so that none is replaced while the reader types in it. */
const polling = ({ base, news }: TrackContext): Html | null =>
  news === undefined
    ? null
    : html` hx-get="${base}" hx-trigger="poll" hx-swap="none" hx-select-oob="#now,#acts,#story,#more" data-news="${news}"`
