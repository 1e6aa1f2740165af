import type { Command } from '../complaint/command.ts'
import { decide } from '../complaint/decide.ts'
import type { AdoptedRule } from '../complaint/platform-rule.ts'
import type { FieldValue, NewStep } from '../complaint/step.ts'
import { type Entry, projectDueSteps, replay } from '../complaint/view/timeline.ts'
import { Problem } from './problem.ts'

/**
 * The timeline as it would be if this command were given now, by the same decision that the ledger takes; nothing is
 * recorded. `cites` are the rules that it cites. Throws the Problem that the act itself would meet.
 */
export const dryRun = (
  entries: readonly Entry[],
  command: Command,
  now: number,
  cites: readonly AdoptedRule[] = [],
): Entry[] => {
  const settled = settledBy(entries, now)
  const made = decide(command, replay(settled).at(-1)?.after ?? null, now)
  if ('refused' in made) throw new Problem(made.refused)
  return [
    ...settled,
    ...made.map((step, i) => ({ ...imagined(step, settled.length + i), ...(cites.length > 0 && { cites }) })),
  ]
}

const settledBy = (entries: readonly Entry[], now: number): Entry[] => {
  const newest = replay(entries).at(-1)?.after
  const steps = newest ? projectDueSteps(newest, now).map(({ step }) => step) : []
  return [...entries, ...steps.map((step, i) => imagined({ ...step, content: {} }, entries.length + i))]
}

const imagined = ({ content, ...step }: NewStep, seq: number): Entry => ({
  seq,
  leaf: '',
  index: 0,
  step,
  fields: Object.fromEntries(
    Object.entries(content).filter((field): field is [string, FieldValue] => field[1] !== undefined),
  ),
  erased: [],
})
