import type { ComplaintView, StepView } from '../../complaint/view/types.ts'
import { isFile } from '../../complaint/view/visibility.ts'
import type { TrackContext } from '../context.ts'
import { labelOf } from '../steps/quotes.ts'

type Options = (readonly [value: string, label: string])[]

const nameOf = (step: StepView, { words, dictionary }: TrackContext): string =>
  `${words.timeline.stepNo(step.seq + 1)} ${dictionary.kinds[step.kind]} ${dictionary.when(step.at)}`

const options = (steps: readonly StepView[], page: TrackContext): Options =>
  steps.map(step => [String(step.seq), nameOf(step, page)] as const).reverse()

const OTHERS: readonly string[] = ['merchant', 'platform', 'supervisor']

/** Steps in which somebody else behaved somehow. */
export const reportableSteps = ({ steps }: ComplaintView, page: TrackContext): Options =>
  options(
    steps.filter(({ by, kind }) => OTHERS.includes(by.role) && kind !== 'notice_sent'),
    page,
  )

const TEXTS = ['statement', 'reason', 'text', 'proof', 'facts', 'reasons', 'request', 'item', 'trackingNo']
const erasable = ({ fields }: StepView): string[] =>
  Object.keys(fields).filter(name => TEXTS.includes(name) || isFile(name))

/** Steps with a text or file that could be erased. */
export const erasableSteps = ({ steps }: ComplaintView, page: TrackContext): Options =>
  options(
    steps.filter(step => erasable(step).length > 0),
    page,
  )

/** Every field that one of those steps has, by its name in the log. */
export const erasableFields = ({ steps }: ComplaintView, page: TrackContext): Options => {
  const names = new Set(steps.flatMap(erasable))
  return [...names].map(name => [name, labelOf({ kind: 'message_added' }, name, page)] as const)
}
