import type { Context } from 'hono'
import * as v from 'valibot'
import { byCategory, condensed, sumOf, trendOf } from '../../complaint/figures/public-index.ts'
import type { Counts } from '../../complaint/figures/reckon.ts'
import { medianHours, recordOf } from '../../complaint/figures/record.ts'
import { dayNumber } from '../../complaint/time.ts'
import { replay } from '../../complaint/view/timeline.ts'
import type { InboxQuery, Load, Timeline } from '../../ledger/contract/ledger.ts'
import type { DeskPage } from '../../views/desk/context.ts'
import {
  contactsSection,
  DESK_PARTIES,
  type DeskContacts,
  type DeskFigures,
  deskFiguresPage,
  type Escalation,
  supervisorPage,
} from '../../views/desk/supervisor.ts'
import { dateOf } from '../../views/figures/page.ts'
import type { Html } from '../../views/html.ts'
import { parse, readBody } from '../body.ts'
import { askAll, type Deps, registryLedger } from '../deps.ts'
import { code, inWords, phone } from '../fields.ts'
import {
  CSV_HEADERS,
  type CsvRow,
  daysOf,
  readDays,
  readDesks,
  readMerchants,
  readOfficers,
  readPeriod,
  recordsCsv,
} from '../figures/counts.ts'
import { pageOf } from '../language.ts'
import { Problem } from '../problem.ts'
import type { Signed } from '../signin/session.ts'
import { caseOf, deskPageOf, officerOf, readTimeline } from './case.ts'
import { soonest } from './queue.ts'

const SHOWN = 60

/** What supervisors hold, what officers are late with, and where the desks' reminders go. */
export const showSupervision = async (c: Context<Signed>, deps: Deps) =>
  c.html(await draw(c, deps, { saved: c.req.query('done') === 'saved', back: null }))

export const saveContact = async (c: Context<Signed>, deps: Deps) => {
  const back = await saveDeskContact(c, deps)
  if (back) return c.html(await draw(c, deps, { saved: false, back }), 422)
  return c.redirect('/desk/supervisor?done=saved', 303)
}

const draw = async (c: Context<Signed>, deps: Deps, left: Parameters<typeof contactsOf>[2]): Promise<string> => {
  const page = await deskPageOf(c, deps)
  const escalations = async (query: Pick<InboxQuery, 'holders' | 'overdue'>): Promise<Escalation[]> => {
    const rows = await soonest(deps, { ...query, now: page.now, limit: SHOWN })
    const read = await Promise.all(rows.map(({ id }) => readTimeline(deps, id)))
    return read.map((timeline, i) => escalationOf(timeline, rows[i]?.due ?? page.now, page))
  }
  const [loads, held, overdue] = await Promise.all([
    loadsOf(deps, page.now),
    escalations({ holders: ['supervisor'] }),
    escalations({ holders: ['platform'], overdue: true }),
  ])
  return String(supervisorPage({ loads, held, overdue }, page, await contactsOf(deps, page, left)))
}

/** Of all shards: an officer has complaints in several. */
const loadsOf = async (
  deps: Deps,
  now: number,
): Promise<{ officers: (Load & { taken?: number })[]; desks: Load[] }> => {
  const { answers: all } = await askAll(deps.ledgers, ledger => ledger.loads(now))
  const summed = (rows: readonly Load[]): Load[] =>
    [...Map.groupBy(rows, ({ name }) => name)].map(([name, same]) => {
      const sum = (what: 'total' | 'late' | 'soon' | 'day') => same.reduce((all, each) => all + each[what], 0)
      return { name, total: sum('total'), late: sum('late'), soon: sum('soon'), day: sum('day') }
    })
  const day = dayNumber(now)
  const { answers: work } = await askAll(deps.ledgers, ledger => ledger.figures.officers({ from: day, until: day }))
  const taken = new Map<string | null, number>()
  for (const { officer, counts } of work.flat()) taken.set(officer, (taken.get(officer) ?? 0) + (counts.taken ?? 0))
  const officers = summed(all.flatMap(each => each.officers))
  // An officer who took some today and has none any more is no less busy.
  const idle = [...taken.keys()].filter(name => name !== null && !officers.some(each => each.name === name))
  const rows = [...officers, ...idle.map(name => ({ name, total: 0, late: 0, soon: 0, day: 0 }))]
  return {
    officers: rows.map(row => (row.name === null ? row : { ...row, taken: taken.get(row.name) ?? 0 })),
    desks: summed(all.flatMap(each => each.desks)),
  }
}

const escalationOf = (timeline: Timeline, due: number, page: DeskPage): Escalation => {
  const { view, standing } = caseOf(timeline, page)
  return { view, due, standing, misses: missesOf(timeline), desks: desksOf(timeline) }
}

/** Each miss with the officer who had the complaint then. */
const missesOf = ({ entries }: Timeline): Escalation['misses'] =>
  replay(entries).flatMap(({ entry: { step }, before }) => {
    if (step.kind !== 'deadline_missed') return []
    const { party, due } = step.p
    if (party !== 'platform' && party !== 'supervisor') return []
    const officer = party === 'platform' ? officerOf(entries, before?.officer ?? null) : null
    return [{ party, officer, due: new Date(due).toISOString() }]
  })

const desksOf = ({ entries }: Timeline): string[] =>
  entries.flatMap(({ step }) => (step.kind === 'handoff_offered' ? [decodeURIComponent(step.p.desk)] : []))

// A form leaves out what is empty.
const DeskContact = v.object({ party: v.picklist(DESK_PARTIES, code('choose')), phone: v.optional(phone) })

type Left = Pick<DeskContacts, 'saved' | 'back'>

/** Each shard sends its own digests; the first one's number stands for all. */
const contactsOf = async (deps: Deps, page: DeskPage, left: Left): Promise<Html> => {
  const [platform, supervisor] = await Promise.all(
    DESK_PARTIES.map(party => registryLedger(deps).outbox.contact(party)),
  )
  return contactsSection({ phones: { platform: platform ?? null, supervisor: supervisor ?? null }, ...left }, page)
}

/** Answers the form that comes back, or null once it is saved on every shard. */
const saveDeskContact = async (c: Context<Signed>, deps: Deps): Promise<Left['back']> => {
  const { value, rawFields: typed } = await readBody(c)
  try {
    const { party, phone: number } = parse(DeskContact, value)
    await Promise.all(deps.ledgers.map(ledger => ledger.outbox.setContact(party, number ?? null)))
    return null
  } catch (error) {
    const party = DESK_PARTIES.find(each => each === typed.party)
    if (!(error instanceof Problem) || error.code !== 'invalid' || !party) throw error
    return { party, values: typed, problems: error.errors.map(each => inWords(each, pageOf(c, deps).words)) }
  }
}

// A supervisor's figures: page, CSV and JSON of one reading.

const MERCHANTS = 50

export const showDeskFigures = async (c: Context<Signed>, deps: Deps) =>
  c.html(String(deskFiguresPage(await readFigures(c, deps), await deskPageOf(c, deps))))

export const deskFiguresJson = async (c: Context<Signed>, deps: Deps) => c.json(await readFigures(c, deps))

export const deskFiguresCsv = async (c: Context<Signed>, deps: Deps) => {
  const { period, record, categories, merchants, trend } = await readFigures(c, deps)
  const rows: CsvRow[] = [
    { lead: { scope: 'platform', name: null }, record },
    ...Object.entries(categories).map(([name, record]) => ({ lead: { scope: 'category', name }, record })),
    ...merchants.map(({ name, record }) => ({ lead: { scope: 'merchant', name }, record })),
    ...trend.map(({ from, until, ...record }) => ({
      lead: { scope: 'days', name: `${dateOf(from)}/${dateOf(until)}` },
      record,
    })),
  ]
  return c.body(recordsCsv(rows), 200, CSV_HEADERS(`figures-${period}d`))
}

const readFigures = async (c: Context<Signed>, deps: Deps): Promise<DeskFigures> => {
  const { ledgers, clock } = deps
  const period = readPeriod(c.req.query('period'))
  const now = clock.now()
  const days = daysOf(now, period)
  const [all, desks, officers, merchants, load] = await Promise.all([
    readDays(ledgers, null, days),
    readDesks(ledgers, days),
    readOfficers(ledgers, days),
    readMerchants(ledgers, days, MERCHANTS),
    openAtUs(deps, now),
  ])
  const cells = condensed(all.days, days.from, days.until)
  return {
    period,
    whole: all.whole,
    load,
    record: recordOf(sumOf(cells)),
    older: { open: all.before.open ?? 0 },
    trend: trendOf(cells, days.from, days.until),
    desks: desks.map(({ desk, counts }) => ({ desk, ...workOf(counts), missed: counts.missed ?? 0 })),
    officers: officers.map(({ officer, counts }) => ({ officer, ...workOf(counts) })),
    categories: byCategory(cells),
    merchants: merchants.map(({ name, counts }) => ({ name, record: recordOf(counts) })),
  }
}

const workOf = (counts: Counts) => ({
  decided: counts.decided ?? 0,
  hours: medianHours(counts, 'decision.'),
  taken: counts.taken ?? 0,
})

/** What the platform and its supervisors hold: those that an officer has, and the rest. */
const openAtUs = async ({ ledgers }: Deps, now: number) => {
  const loads = (await Promise.all(ledgers.map(ledger => ledger.loads(now)))).flatMap(({ officers }) => officers)
  const sum = (what: 'total' | 'late' | 'soon' | 'day') => loads.reduce((total, each) => total + each[what], 0)
  return {
    held: sum('total'),
    late: sum('late'),
    within: [
      { hours: 4, count: sum('soon') },
      { hours: 24, count: sum('day') },
    ],
  }
}
