import type { Complaint } from '../../complaint/complaint.ts'
import { iso } from '../../complaint/time.ts'
import { inWords } from '../../routes/fields.ts'
import type { FieldProblem } from '../../routes/problem.ts'
import type { FormState, PageContext } from '../../views/context.ts'
import type { AwaitedStatement } from '../../views/third-party/page.ts'

export type Room = 'track' | 'merchant' | 'desk' | 'intake' | 'front'

/** One page in one state, rendered by its own view. `base` is its path: forms post there, files are fetched there. */
export interface Specimen {
  room: Room
  name: string
  draw(page: PageContext, base: string): string
}

/** Links of no real complaint, for the statements that are awaited. */
export const awaitedIn = ({ statements }: Complaint): AwaitedStatement[] =>
  statements.map(({ party, due }) => ({
    party,
    due: iso(due),
    url: 'https://t.tousu.example/s/q83vASNFZ4mrze8BI0VniavN7q830',
  }))

export const kebab = (name: string): string => name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)

/** A refused form with its problems, in the page's language, as a route renders it. */
export const refused = (
  page: PageContext,
  values: FormState['values'],
  ...problems: FieldProblem[]
): { values: FormState['values']; problems: FormState['problems'] } => ({
  values,
  problems: problems.map(each => inWords(each, page.words)),
})
