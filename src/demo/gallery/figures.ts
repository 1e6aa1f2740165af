import {
  byCategory,
  type DayCounts,
  firstDay,
  indexOf,
  type PublicIndex,
  sumOf,
  trendOf,
} from '../../complaint/figures/public-index.ts'
import {
  addCounts,
  type CountedLeaf,
  type Counts,
  dayOf,
  reckon,
  type Standing,
} from '../../complaint/figures/reckon.ts'
import { medianHours, recordOf, secondsUntil } from '../../complaint/figures/record.ts'
import { DAY, dayNumber, HOUR } from '../../complaint/time.ts'
import type { DeskFigures } from '../../views/desk/supervisor.ts'
import type { IndexPage } from '../../views/figures/page.ts'
import type { OwnFigures } from '../../views/merchant/statistics.ts'
import { START } from './story.ts'

const PERIOD = 90
const UNTIL = dayNumber(START)
const FROM = firstDay(UNTIL, PERIOD)
const LIVES = 260
const CATEGORIES = ['quality', 'not_as_described', 'not_received', 'damaged', 'service']

/** The second has a name that breaks lists, the third answers late, and the last has too few complaints to be compared. */
const NAMES = ['山野户外专营店', `\u202e超长店名${'旗舰'.repeat(20)}`, '极光数码旗舰店', '=旧时光钟表']
const TAGS = ['Ki1EeeXQMo6vT3Xd', 'Qm9vZ2FsZXJpZTEy', 'Z2FsbGVyeXNob3Az', 'c21hbGxzaG9wNDQ0']

/** The leaves of one life, of which counting needs no more. They go on until now, so that the last days are mostly open. */
const leavesOf = (i: number): CountedLeaf[] => {
  const opened = START - Math.floor(((LIVES - i) / LIVES) * (PERIOD - 1) * DAY)
  const leaves: CountedLeaf[] = []
  const then = (hours: number, leaf: Partial<CountedLeaf>) => {
    const on = (leaves.at(-1)?.on ?? opened) + hours * HOUR
    const before = leaves.at(-1)
    const same = { state: before?.state ?? null, holder: before?.holder ?? null, due: null, rule: null, p: {} }
    if (on <= START) leaves.push({ kind: '', by: 'system', on, ...same, ...leaf })
  }
  const shop = shopOf(i)
  then(0, { kind: 'submitted', by: 'buyer', state: 'awaiting_merchant', holder: 'merchant', p: { m: TAGS[shop] } })
  if (i % 13 === 0) then(20, { kind: 'withdrawn', by: 'buyer', state: 'closed_withdrawn', holder: null })
  else if (shop === 2 && (i * 7) % 10 < 9 - (8 * i) / LIVES) {
    const missed = { kind: 'deadline_missed', p: { party: 'merchant' } }
    then(48, { ...missed, state: 'platform_review', holder: 'platform' })
    then(1, { kind: 'officer_assigned', by: 'platform', p: { desk: i % 2 ? '数码组' : '生活组' } })
    const outcome = (['for_buyer', 'partly', 'for_merchant'] as const)[(i * 3) % 4] ?? 'for_buyer'
    then(30 + (i % 40), { kind: 'ruled', by: 'platform', state: 'closed_ruled', holder: null, p: { outcome } })
    if (i % 4 === 0) then(9, { kind: 'rated', by: 'buyer', p: { score: 1 + ((i % 5) % 3) } })
  } else {
    then(3 + (i % 30), { kind: 'merchant_responded', by: 'merchant', state: 'fulfilment', holder: 'merchant' })
    then(20 + (i % 9), { kind: 'fulfilled', by: 'merchant', state: 'awaiting_confirmation', holder: 'buyer' })
    if (i % 7 === 0) then(168, { kind: 'lapsed', state: 'closed_lapsed', holder: null })
    else then(10, { kind: 'confirmed', by: 'buyer', state: 'closed_confirmed', holder: null })
    if (i % 3 === 0) then(1, { kind: 'rated', by: 'buyer', p: { score: 5 - ((i % 5) % 3) } })
  }
  return leaves
}
const shopOf = (i: number): number => (i % 40 === 7 ? 3 : i % 3)

const counted = () => {
  const days: DayCounts[] = []
  const merchants = new Map<string, Counts>()
  const desks = new Map<string, Counts>()
  for (let i = 0; i < LIVES; i++) {
    const m = TAGS[shopOf(i)] ?? ''
    const category = CATEGORIES[i % CATEGORIES.length] ?? ''
    let standing: Standing | null = null
    for (const leaf of leavesOf(i)) {
      const { after, counts, desk } = reckon(standing, leaf)
      standing = after
      days.push({ day: dayOf(after), category, counts })
      merchants.set(m, addCounts(merchants.get(m) ?? {}, counts))
      if (desk !== null) desks.set(after.desk, addCounts(desks.get(after.desk) ?? {}, desk))
    }
  }
  return { days, merchants, desks }
}

const indexFrom = (index: PublicIndex): Omit<IndexPage, 'q' | 'at'> => ({
  index,
  logs: [{ origin: 't.tousu.example/log/0', size: 81_204 }],
  whole: true,
  merchants: index.merchants
    .map(record => ({ ...record, name: NAMES[TAGS.indexOf(record.m)] ?? '' }))
    .sort((a, b) => b.opened - a.opened),
})

/** Three months of a platform with three busy shops and a small one; `older` complaints are still open. */
export const season = (): Omit<IndexPage, 'q' | 'at'> => {
  const { days, merchants } = counted()
  return indexFrom(indexOf({ period: PERIOD, until: UNTIL, days, before: { open: 3, overdue: 1 }, merchants }))
}
export const nothing = (): Omit<IndexPage, 'q' | 'at'> =>
  indexFrom(indexOf({ period: PERIOD, until: UNTIL, days: [], before: {}, merchants: new Map() }))

export const deskSeason = (): DeskFigures => {
  const { days, merchants, desks } = counted()
  return {
    period: PERIOD,
    whole: false,
    load: { held: 17, late: 2, within: [4, 24].map((hours, i) => ({ hours, count: 3 + 6 * i })) },
    record: recordOf(sumOf(days)),
    older: { open: 3 },
    trend: trendOf(days, FROM, UNTIL),
    desks: [...desks].map(([desk, counts]) => ({
      desk,
      decided: counts.decided ?? 0,
      hours: medianHours(counts, 'decision.'),
      missed: counts.missed ?? 0,
      taken: counts.taken ?? 0,
    })),
    officers: [
      { officer: 'P0217', decided: 21, hours: 19, taken: 24 },
      { officer: 'P0233', decided: 8, hours: 31, taken: 15 },
    ],
    categories: byCategory(days),
    merchants: [...merchants].map(([m, counts]) => ({ name: NAMES[TAGS.indexOf(m)] ?? m, record: recordOf(counts) })),
  }
}

export const ownFigures = (days: readonly DayCounts[] = counted().days): OwnFigures => {
  const counts = sumOf(days)
  return {
    whole: days.length > 0,
    from: FROM,
    record: recordOf(counts),
    seconds: secondsUntil(START, counts),
    trend: trendOf(days, FROM, UNTIL),
  }
}
