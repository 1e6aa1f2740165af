import { shanghaiDate } from '../complaint/time.ts'
import type { ComplaintView } from '../complaint/view/types.ts'
import type { PageContext } from './context.ts'
import { type Html, html } from './html.ts'

/** Until when the personal data of a complaint is kept, or the legal hold that keeps it; null where nothing is erased by itself. */
export const retentionNote = (
  { complaint: { retention, legalHold } }: Pick<ComplaintView, 'complaint'>,
  { words }: Pick<PageContext, 'words'>,
): Html | null => {
  const told = sentence(retention, legalHold, words.retention)
  return told === null ? null : html`<p class="note">${told}</p>`
}

const sentence = (
  retention: ComplaintView['complaint']['retention'],
  hold: ComplaintView['complaint']['legalHold'],
  words: PageContext['words']['retention'],
): string | null => {
  if (retention?.erased) return words.erased
  if (hold) return hold.until === null ? words.held : words.heldUntil(day(hold.until))
  if (!retention) return null
  return retention.eraseAt === null ? words.open(retention.afterEndDays) : words.at(day(retention.eraseAt))
}

const day = (instant: string): string => shanghaiDate(Date.parse(instant))
