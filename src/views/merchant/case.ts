import type { ComplaintView } from '../../complaint/view/types.ts'
import { merchantWords } from '../../i18n/merchant.ts'
import { hours } from '../hours.ts'
import { type Html, html } from '../html.ts'
import { timeline } from '../timeline.ts'
import { actForms } from './act-forms.ts'
import type { CaseContext } from './case-context.ts'
import { caseHead } from './case-head.ts'
import { framed } from './frame.ts'
import { notices } from './notices.ts'
import { remedyRequest } from './remedy-request.ts'

/** One complaint: what was said so far, and beside it what the merchant may do. */
export const casePage = (view: ComplaintView, context: CaseContext): Html => {
  const { case: words } = merchantWords[context.page.locale]
  const { complaint } = view
  return framed(context, {
    title: `${context.page.dictionary.states[complaint.state]} · ${complaint.id}`,
    room: 'inbox',
    here: context.track.base,
    main: html`<nav class="head crumb" aria-label="${words.back}"><a href="/merchant">← ${words.back}</a>${
      context.next !== null && html`<a href="/merchant/complaints/${context.next}">${words.next} →</a>`
    }</nav>
${notices(view, context)}
<div class="case">
<div>${caseHead(view, context)}
${remedyRequest(view, context)}
${timeline(view, context.track)}
${hours(view, context.track)}
<p class="plain"><a class="button second small" href="${context.track.base}/receipt.json" download>${words.receipt}</a> <small>${words.receiptNote}</small></p></div>
<div>${actForms(view, context)}</div>
</div>`,
  })
}
