import type { Act, Actor, CommandOf } from '../command.ts'
import type { Complaint } from '../complaint.ts'
import { type Refusal, refuse } from '../refusal.ts'
import type { Fields, NewStep, NewStepOf, Params } from '../step.ts'
import { isOpen, type Role, type State, type StepKind } from '../words.ts'

/** Decision table: one rule for each act says whose it is, when it may be done, and which step it makes. */
export interface Rule<A extends Act> {
  by: readonly Role[]
  /** Null when the act is open to this role now, whatever it will say. */
  check(c: Complaint, role: Role, now: number): Refusal | null
  apply(c: Complaint, command: CommandOf<A>, now: number): NewStep | Refusal
}
export type Rules<A extends Act> = { [K in A]: Rule<K> }

/** A step that takes effect as it is appended. A named actor is disclosed as its operator. */
export const step = <K extends StepKind>(
  kind: K,
  { role, auto, who, name }: Actor,
  now: number,
  p: Params[K],
  texts: Fields = {},
): NewStepOf<K> => {
  const content = name === undefined ? texts : { ...texts, operator: name }
  return { kind, by: role, auto, who, at: now, on: now, p, content }
}

export const whileOpen = (c: Complaint): Refusal | null => (isOpen(c.state) ? null : refuse('closed'))

/** Refuses with `closed` after the end and `wrong_state` before it. */
export const inState = (c: Complaint, ...states: State[]): Refusal | null =>
  states.includes(c.state) ? null : (whileOpen(c) ?? refuse('wrong_state'))

export const always = (): null => null

/** Numbered `file1` to `file10`: each is a disclosure of its own, so that one can be erased and the others stay. */
export const fileFields = (files: readonly object[] = []): Fields =>
  Object.fromEntries(files.map((file, i) => [`file${i + 1}`, { ...file }]))
