/**
 * Contract: what colleagues share about their work and no other reader sees: saved replies and addresses, who looks after a complaint,
 * internal notes, and who has it open. None of it is in the log, in a receipt or in a webhook.
 */

export const TEAM_TEXT_KINDS = ['reply', 'address'] as const
export interface TeamText {
  id: number
  kind: (typeof TEAM_TEXT_KINDS)[number]
  /** Under which it is chosen. */
  name: string
  text: string
}

export interface TeamNote {
  id: number
  author: string
  text: string
  /** UTC ms. */
  at: number
}

/** What a team knows of one complaint. */
export interface TeamWork {
  assignee: string | null
  /** Oldest first. */
  notes: TeamNote[]
}

/** `team` is `merchant:ID` or `desk`; a complaint's notes lie in its own shard. Callers check whose complaint it is. */
export interface Team {
  /** By kind, then in the order in which they were saved. */
  texts(team: string): Promise<TeamText[]>
  /** False, and nothing saved, once the team has `MOST_TEXTS`. The same kind and name is replaced. */
  saveText(team: string, text: Omit<TeamText, 'id'>): Promise<boolean>
  /** False if the team has none with this number. */
  removeText(team: string, id: number): Promise<boolean>
  work(team: string, complaint: number): Promise<TeamWork>
  /** Who looks after which of these complaints. */
  assignees(team: string, complaints: readonly number[]): Promise<{ complaint: number; person: string }[]>
  /** Null takes the assignment away. */
  assign(team: string, complaint: number, person: string | null): Promise<void>
  /** False once the complaint has `MOST_NOTES` of this team. */
  addNote(team: string, complaint: number, note: Pick<TeamNote, 'author' | 'text'>): Promise<boolean>
  /** False if the team has no such note. */
  removeNote(team: string, complaint: number, id: number): Promise<boolean>
  /** Presence: says that a person has the complaint open, and answers who else had it within `PRESENT_MS`. Kept in memory. */
  look(team: string, complaint: number, person: string): Promise<string[]>
}

/** The team of officers and supervisors. */
export const DESK_TEAM = 'desk'
export const MOST_TEXTS = 200
export const MOST_NOTES = 100
export const PRESENT_MS = 90_000
