import type { AddCheckpoint } from '../log/add-checkpoint.ts'
import type { Answer } from './ask.ts'

/** A published checkpoint. */
export interface Tree {
  readonly size: number
  /** The signed note. */
  readonly note: string
}

/** What is asked of the log. */
export interface AskedLog {
  /** Leaves under the newest published checkpoint. */
  size(): number
  /** Consistency proof between two sizes, RFC 6962 section 2.1.2. */
  consistency(older: number, size: number): readonly Uint8Array[]
}

export type Outcome =
  | { readonly cosigned: string }
  /** Why the witness must have seen another history of this log. */
  | { readonly fork: string }
  /** `size` is what it says that it cosigned last. */
  | { readonly failed: string; readonly size?: number }

type Ask = (request: AddCheckpoint) => Promise<Answer>

/**
 * Shows a witness a checkpoint, from the size that it is thought to have cosigned last. If it names another size within
 * our log, once more from there.
 */
export const submit = async (tree: Tree, old: number, log: AskedLog, ask: Ask): Promise<Outcome> => {
  const first = await ask(requestFrom(old, tree, log))
  if (first.said !== 'elsewhere') return concluded(first, old)
  const found = judge(first.size, old, tree, log)
  if (found) return found
  const second = await ask(requestFrom(first.size, tree, log))
  if (second.said !== 'elsewhere') return concluded(second, first.size)
  return judge(second.size, first.size, tree, log) ?? { failed: 'keeps moving', size: second.size }
}

const requestFrom = (old: number, tree: Tree, log: AskedLog): AddCheckpoint => ({
  oldSize: old,
  proof: old === 0 || old === tree.size ? [] : log.consistency(old, tree.size),
  checkpoint: tree.note,
})

const concluded = (answer: Exclude<Answer, { said: 'elsewhere' }>, old: number): Outcome => {
  switch (answer.said) {
    case 'cosigned':
      return { cosigned: answer.line }
    case 'inconsistent':
      return differs(old)
    case 'nothing':
      return { failed: answer.why }
  }
}

/** What a 409 means; null when it is worth another try. */
const judge = (size: number, old: number, tree: Tree, log: AskedLog): Outcome | null => {
  // Whatever was cosigned was published, and stands in our database, unless that is an old one.
  if (size > log.size()) return { fork: `it has cosigned ${size} leaves, and ${log.size()} are published here` }
  // It agrees on the size, and refuses: the roots differ (tlog-witness).
  if (size === old) return old === tree.size ? differs(old) : { failed: 'contradicts itself', size }
  // Somebody showed it a newer checkpoint than the one at hand.
  if (size > tree.size) return { failed: 'is ahead', size }
  return null
}

const differs = (size: number): Outcome => ({
  fork: `the first ${size} leaves here are not those that it has cosigned`,
})
