// What colleagues share, in the ledger's database beside the log. Presence is kept in memory: it is true for a minute.

import { type AnyColumn, and, asc, count, eq, exists, inArray, lt, not, sql } from 'drizzle-orm'
import { complaints, teamAssignees, teamNotes, teamTexts } from '../../../db/schema.ts'
import { DAY } from '../../complaint/time.ts'
import type { Clock } from '../clock.ts'
import type { GroupCommit } from '../commands/group-commit.ts'
import {
  DESK_TEAM,
  MOST_NOTES,
  MOST_TEXTS,
  PRESENT_MS,
  TEAM_TEXT_KINDS,
  type Team,
  type TeamText,
} from '../contract/team.ts'
import type { Db } from '../host.ts'

interface TeamDeps {
  db: Db
  clock: Clock
  commit: GroupCommit
}

/** Retention: notes and assignments go so long after their complaint was closed, when no reopening or appeal is left. */
const KEPT_MS = 90 * DAY
const MOST_PRESENT = 10_000
/** Old complaints whose officer is named in one go: under ten milliseconds. */
const NAMED_AT_ONCE = 100

/** None of it is in the log, so it waits for no witness. Built for each call: no transaction waits for these queries. */
export class LocalTeam implements Team {
  readonly #deps: TeamDeps
  readonly #present = new Map<string, Map<string, number>>()
  #prunedAt = 0

  constructor(deps: TeamDeps) {
    this.#deps = deps
  }

  async texts(team: string): Promise<TeamText[]> {
    const { id, kind, name, text } = teamTexts
    return this.#deps.db
      .select({ id, kind, name, text })
      .from(teamTexts)
      .where(eq(teamTexts.team, team))
      .orderBy(asc(kind), asc(id))
      .all()
      .flatMap(row => {
        const known = TEAM_TEXT_KINDS.find(each => each === row.kind)
        return known ? [{ ...row, kind: known }] : []
      })
  }

  saveText(team: string, { kind, name, text }: Omit<TeamText, 'id'>): Promise<boolean> {
    return this.#deps.commit.run(() => {
      const { db } = this.#deps
      const named = and(eq(teamTexts.team, team), eq(teamTexts.kind, kind), eq(teamTexts.name, name))
      const known = db.update(teamTexts).set({ text }).where(named).returning({ id: teamTexts.id }).all()
      if (known.length > 0) return true
      const all = db.select({ n: count() }).from(teamTexts).where(eq(teamTexts.team, team)).get()?.n ?? 0
      if (all >= MOST_TEXTS) return false
      db.insert(teamTexts).values({ team, kind, name, text }).run()
      return true
    })
  }

  removeText(team: string, id: number): Promise<boolean> {
    const which = and(eq(teamTexts.team, team), eq(teamTexts.id, id))
    return this.#deps.commit.run(
      () => this.#deps.db.delete(teamTexts).where(which).returning({ id: teamTexts.id }).all().length > 0,
    )
  }

  async work(team: string, complaint: number) {
    const { id, author, text, at } = teamNotes
    const notes = this.#deps.db
      .select({ id, author, text, at })
      .from(teamNotes)
      .where(and(eq(teamNotes.complaint, complaint), eq(teamNotes.team, team)))
      .orderBy(asc(id))
      .all()
    const [own] = await this.assignees(team, [complaint])
    return { assignee: own?.person ?? null, notes }
  }

  async assignees(team: string, ids: readonly number[]) {
    const { complaint, person } = teamAssignees
    return this.#deps.db
      .select({ complaint, person })
      .from(teamAssignees)
      .where(and(inArray(complaint, [...ids]), eq(teamAssignees.team, team)))
      .all()
  }

  async assign(team: string, complaint: number, person: string | null): Promise<void> {
    const { db, commit } = this.#deps
    const which = and(eq(teamAssignees.complaint, complaint), eq(teamAssignees.team, team))
    await commit.run(() => {
      if (person === null) db.delete(teamAssignees).where(which).run()
      else
        db.insert(teamAssignees)
          .values({ team, complaint, person })
          .onConflictDoUpdate({
            target: [teamAssignees.complaint, teamAssignees.team],
            set: { person: sql`excluded.person` },
          })
          .run()
    })
  }

  addNote(team: string, complaint: number, { author, text }: { author: string; text: string }): Promise<boolean> {
    const { db, commit, clock } = this.#deps
    return commit.run(() => {
      const which = and(eq(teamNotes.complaint, complaint), eq(teamNotes.team, team))
      const all = db.select({ n: count() }).from(teamNotes).where(which).get()?.n ?? 0
      if (all >= MOST_NOTES) return false
      db.insert(teamNotes).values({ complaint, team, author, text, at: clock.now() }).run()
      return true
    })
  }

  removeNote(team: string, complaint: number, id: number): Promise<boolean> {
    const which = and(eq(teamNotes.id, id), eq(teamNotes.complaint, complaint), eq(teamNotes.team, team))
    return this.#deps.commit.run(
      () => this.#deps.db.delete(teamNotes).where(which).returning({ id: teamNotes.id }).all().length > 0,
    )
  }

  async look(team: string, complaint: number, person: string): Promise<string[]> {
    const now = this.#deps.clock.now()
    const key = `${complaint} ${team}`
    const seen = this.#present.get(key) ?? new Map<string, number>()
    for (const [who, at] of seen) if (at <= now - PRESENT_MS) seen.delete(who)
    const others = [...seen.keys()].filter(who => who !== person)
    seen.set(person, now)
    // The oldest entry first: what is looked at again moves to the end.
    this.#present.delete(key)
    this.#present.set(key, seen)
    const [oldest] = this.#present.keys()
    if (this.#present.size > MOST_PRESENT && oldest !== undefined) this.#present.delete(oldest)
    return others
  }

  /** Backfill: are there complaints whose officer's name was not kept yet? An index knows. */
  hasUnnamed(): boolean {
    return this.#unnamed(1).length > 0
  }

  /** Names some of them from the steps that disclosed who took them; one that was erased has no name any more. */
  nameSomeOfficers(officerOf: (complaint: number) => string | null): void {
    const { db } = this.#deps
    for (const { complaint } of this.#unnamed(NAMED_AT_ONCE)) {
      const which = and(eq(teamAssignees.complaint, complaint), eq(teamAssignees.team, DESK_TEAM))
      const person = officerOf(complaint)
      if (person === null) db.delete(teamAssignees).where(which).run()
      else db.update(teamAssignees).set({ person }).where(which).run()
    }
  }

  #unnamed(limit: number): { complaint: number }[] {
    const { complaint, team, person } = teamAssignees
    return this.#deps.db
      .select({ complaint })
      .from(teamAssignees)
      .where(and(eq(team, DESK_TEAM), eq(person, '')))
      .limit(limit)
      .all()
  }

  /** Retention, once a day. */
  async prune(): Promise<void> {
    const { db, clock, commit } = this.#deps
    const now = clock.now()
    if (now < this.#prunedAt + DAY) return
    this.#prunedAt = now
    const { folded } = complaints
    const until = sql`${folded} ->> '$.legalHold.until'`
    // A legal hold keeps them as well.
    const isHeld = sql`${folded} -> '$.legalHold' is not null and coalesce(${until} > ${now}, true)`
    const isOver = (of: AnyColumn) => {
      const ended = and(eq(complaints.id, of), lt(complaints.closedAt, now - KEPT_MS), not(isHeld))
      return exists(db.select({ id: complaints.id }).from(complaints).where(ended))
    }
    await commit.run(() => {
      db.delete(teamNotes).where(isOver(teamNotes.complaint)).run()
      db.delete(teamAssignees).where(isOver(teamAssignees.complaint)).run()
    })
  }
}
