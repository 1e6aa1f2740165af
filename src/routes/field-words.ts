import type { PageWords } from '../i18n/index.ts'
import type { FieldProblem } from './problem.ts'

/** A field's problem as a sentence of the page's language. */
export const inWords = ({ field, code, max = 0 }: FieldProblem, { problems }: PageWords) => ({
  field,
  message: sentence(code, max, problems),
})

const sentence = (code: FieldProblem['code'], max: number, words: PageWords['problems']): string => {
  switch (code) {
    case 'required':
      return words.required
    case 'choose':
      return words.choose
    case 'tick':
      return words.tick
    case 'amount':
      return words.amount
    case 'phone':
      return words.phone
    case 'last4':
      return words.last4
    case 'url':
      return words.url
    case 'too_long':
      return words.tooLong(max)
    case 'file_type':
      return words.fileType
    case 'file_size':
      return words.fileSize(max)
    case 'file_count':
      return words.fileCount(max)
    case 'file_total':
      return words.fileTotal(max)
    case 'instant':
    case 'characters':
    case 'unknown':
    case 'other':
      return words.other
    default:
      return code satisfies never
  }
}
