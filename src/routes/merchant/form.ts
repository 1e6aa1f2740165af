import { type MerchantWords, merchantWords } from '../../i18n/merchant.ts'
import type { FormState, PageContext } from '../../views/context.ts'
import { type Body, isRecord } from '../body.ts'
import { inWords } from '../field-words.ts'
import { inShanghai } from '../local-time.ts'
import type { FieldProblem, Problem } from '../problem.ts'

/** What the console's forms send, as the API's acts take it; `typed` stays as it was typed. */
export const merchantBody = (body: Body): Body => {
  const { due, offer, ...rest } = body.value
  return {
    ...body,
    value: {
      ...rest,
      ...(due !== undefined && { due: inShanghai(due) }),
      ...(isRecord(offer) && { offer: { ...offer, ...(offer.by !== undefined && { by: inShanghai(offer.by) }) } }),
    },
  }
}

/** Beside the fields of the form, one for each. */
export const problemsOf = (
  { errors }: Problem,
  { words, locale }: PageContext,
  blanks: string[],
): FormState['problems'] =>
  errors.filter(isFirst).map(each => {
    const { field, message } = inWords(each, words)
    return {
      // An offer of which nothing was filled in begins with its kind.
      field: field === 'offer' ? 'offer.kind' : field,
      message: sentence(each, merchantWords[locale].hints, blanks) ?? message,
    }
  })

const sentence = ({ code }: FieldProblem, hints: MerchantWords['hints'], blanks: string[]): string | null => {
  if (code === 'instant') return hints.instant
  return code === 'other' && blanks.length > 0 ? hints.blank(blanks.join(' ')) : null
}

const isFirst = ({ field }: FieldProblem, i: number, all: readonly FieldProblem[]): boolean =>
  all.findIndex(each => each.field === field) === i
