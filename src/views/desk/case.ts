import type { TrackContext } from '../context.ts'
import { hours } from '../hours.ts'
import { type Html, html } from '../html.ts'
import { order } from '../order.ts'
import { timeline } from '../timeline.ts'
import { card } from '../track/card.ts'
import { actForms, troubles } from './acts.ts'
import { assignment } from './assignment.ts'
import { type AsRead, type Case, type DeskForm, type DeskPage, deskPage, wordsOf } from './context.ts'
import { preview } from './preview.ts'

export interface CaseExtras {
  form?: DeskForm | undefined
  /** The complaint as its buyer would read it after the ruling in the form. */
  preview?: AsRead | undefined
  /** The number of the step that was just made. */
  did?: number | undefined
}

/** The tracking page's parts, for a reader who only looks. */
export const lookingAt = (page: DeskPage, id: string): TrackContext => ({
  ...page,
  base: `/desk/complaints/${id}`,
  scope: 'view',
  checked: { witnesses: 0 },
})

/** The address names a step: what it says is believed only of one that the platform made. */
const isOurs = ({ steps }: Case['view'], did: number | undefined): boolean =>
  steps.some(({ seq, by }) => seq + 1 === did && (by.role === 'platform' || by.role === 'supervisor'))

/** One complaint: everything that was said, beside what an officer can do. */
export const casePage = (it: Case, page: DeskPage, { form, preview: after, did }: CaseExtras = {}): Html => {
  const words = wordsOf(page)
  const { view } = it
  const track = lookingAt(page, view.complaint.id)
  return deskPage(page, {
    title: words.caseNo(view.complaint.id),
    current: 'queue',
    main: html`<div class="head"><p class="crumb"><a href="/desk">${words.case.back}</a> · <b>${words.caseNo(view.complaint.id)}</b></p><p class="crumb to-acts"><a href="#acts">${words.case.acts}</a></p></div>
${isOurs(view, did) && html`<p class="notice good" role="status" tabindex="-1" autofocus>${words.case.did(did ?? 0)}</p>`}
${troubles(form, page)}
${after !== undefined && form !== undefined && preview(after, form, it, page)}
<div class="case">
<div>${card(view, track)}
${assignment(it, page)}
${timeline(view, track)}
${hours(view, track)}
${order(view, track)}
<p class="plain"><a href="/rules/${view.complaint.policy}">${words.case.policy}</a> · <a href="${track.base}/receipt.json" download>${words.case.receipt}</a></p>
</div>
<div>${actForms(it, page, form)}</div>
</div>`,
  })
}
