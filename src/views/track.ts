import type { ComplaintView } from '../complaint/present.ts'
import { mainActs, moreActs, problemSummary } from './acts/acts.ts'
import { card } from './card.ts'
import type { TrackContext } from './context.ts'
import { hours } from './hours.ts'
import { type Html, html } from './html.ts'
import { layout } from './layout.ts'
import { order } from './order.ts'
import { outside } from './outside.ts'
import { evidenceOfRecord, readOnly, shareLink } from './proof.ts'
import { timeline } from './timeline.ts'

export type { FormState, PageContext, TrackContext } from './context.ts'

/** The tracking page: everything a buyer needs to know, and may do, about one complaint. */
export const trackingPage = (view: ComplaintView, page: TrackContext): Html => {
  const { words, dictionary } = page
  return layout({
    title: `${dictionary.states[view.complaint.state]} · ${words.complaintNo(view.complaint.id)}`,
    page,
    main: html`${problemSummary(page)}
${readOnly(page)}
${card(view, page)}
${outside(view, page)}
${mainActs(view, page)}
${timeline(view, page)}
${hours(view, page)}
${order(view, page)}
${moreActs(view, page)}
${shareLink(page)}
${evidenceOfRecord(page)}`,
  })
}
