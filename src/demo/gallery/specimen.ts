import { inWords } from '../../routes/field-words.ts'
import type { FieldProblem } from '../../routes/problem.ts'
import type { FormState, PageContext } from '../../views/context.ts'

export type Room = 'track' | 'merchant' | 'desk' | 'intake' | 'front'

/** One page in one condition, drawn by its own view. `base` is where it stands: forms post there, files are asked for there. */
export interface Specimen {
  room: Room
  name: string
  draw(page: PageContext, base: string): string
}

export const kebab = (name: string): string => name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)

/** A form that came back with what was wrong beside its fields, in the page's language as a route says it. */
export const back = (
  page: PageContext,
  values: FormState['values'],
  ...problems: FieldProblem[]
): { values: FormState['values']; problems: FormState['problems'] } => ({
  values,
  problems: problems.map(each => inWords(each, page.words)),
})
