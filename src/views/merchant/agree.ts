// One-click agreement: the commonest answer, with the terms that the buyer asked for and the ready text beside it.

import type { ComplaintView } from '../../complaint/view/types.ts'
import { MERCHANT_WORDS } from '../../i18n/areas/merchant.ts'
import { seenField } from '../acts/fields.ts'
import { remedyWords } from '../facts.ts'
import { type Html, html } from '../html.ts'
import type { CaseContext } from './case-context.ts'
import { agreement } from './reply-templates.ts'

/** Null where something is still to be said: nothing was asked for, or goods go back and no address is known. */
export const agreeForm = (view: ComplaintView, context: CaseContext): Html | null => {
  const { page, buyer, track } = context
  const values = agreement(view, context)
  if (values === null) return null
  const { case: words } = MERCHANT_WORDS[page.locale]
  const what = remedyWords(view.complaint.remedySought, page.dictionary)
  return html`<form class="plain agree" method="post" action="${track.base}/responses">
${seenField(view)}${Object.entries(values).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<button data-key="a"${page.shortcuts?.off !== true && html` aria-keyshortcuts="a"`}>${words.agree(what)}</button>
<p class="note">${words.agreeEffect} <q lang="${buyer.locale}">${values.statement ?? ''}</q></p>
</form>`
}
