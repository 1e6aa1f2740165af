import { addToTally, effectsOf, emptyTally } from '../../complaint/deadlines/other-policy.ts'
import { type Policy, policyFaults } from '../../complaint/deadlines/policy.ts'
import { HOUR, iso } from '../../complaint/time.ts'
import { parseId } from '../../link/id.ts'
import { caseOf } from '../../routes/desk/case.ts'
import type { PageContext } from '../../views/context.ts'
import { type AlertItem, alertsPage, incidentsPage, messagesPage } from '../../views/desk/alerts.ts'
import { type Batch, batchPage, prefixOf } from '../../views/desk/batch.ts'
import { type CaseExtras, casePage } from '../../views/desk/case.ts'
import type { DeskPage } from '../../views/desk/context.ts'
import { type Person, type PersonRow, personPage } from '../../views/desk/person.ts'
import { type QueueItem, queuePage } from '../../views/desk/queue.ts'
import { ruleLibraryPage, settingsPage, trialPage, trialProgress, trialResult } from '../../views/desk/settings.ts'
import { contactsSection, deskFiguresPage, type Escalation, supervisorPage } from '../../views/desk/supervisor.ts'
import { deskSeason } from './figures.ts'
import { OFFICER, RULING, type StoryName, stories } from './stories.ts'
import { awaitedIn, by, kebab, policyWith, RULES, refused, type Specimen, START, Story } from './story.ts'
import { INCIDENTS } from './track.ts'

const basis = { basis: 'default', source: 'gallery' } as const
const inForce: Policy = { ...policyWith(), desks: ['家电组', '服饰组', '商家组'] }
const other: Policy = {
  ...inForce,
  name: 'ours-2027-1',
  hash: 'JkYVQ3f2m9fQw0uXyq0a7mPpY0oQb3h6n5lq1m2c8Zs',
  desks: ['家电组'],
  times: { ...inForce.times, awaiting_merchant: { hours: 24, ...basis }, awaiting_buyer: { hours: 240, ...basis } },
  total: { hours: 720, ...basis },
}
const SETTINGS = {
  version: '0.2.0',
  demo: false,
  baseUrl: 'https://t.example.cn',
  policy: inForce,
  shipped: ['cn-2026-1', 'cn-2026-2', 'cn-2026-3'],
  vendors: ['platform', 'aliyun'],
  witnesses: { names: ['witness.example.org/w1', 'witness.example.org/w2'], quorum: 'any' },
  tsa: 'tsa.example.cn',
  signIn: 'id.example.cn',
  logs: [
    {
      shard: 0,
      origin: 't.example.cn/log/0',
      key: 't.example.cn/log/0+4c2ae08e+AaXL8wOq0uJb6k7y0ZmBzQkzq0VYb0sV0l9rW9r3yQ1d',
    },
  ],
}

const settingsSpecimen = (page: DeskPage): string => String(settingsPage(SETTINGS, page))

const settingsFaults = (page: DeskPage): string => {
  const { hash: _, caps: __, ...rest } = { ...other, colour: 'red' }
  const form = {
    shipped: '',
    document: JSON.stringify(rest, null, 1),
    faults: policyFaults(rest),
    problem: null,
  }
  return String(settingsPage(SETTINGS, page, form))
}

/** The dry run as it ends. */
const policyTrial = (page: DeskPage): string => {
  const tally = emptyTally()
  const open = Object.values(stories)
    .map(tell => tell().complaint)
    .filter(({ due }) => due !== null)
  for (const [i, c] of open.entries()) addToTally(tally, i, c, effectsOf(c, other, START + 60 * HOUR))
  const examples = tally.examples.map(({ id, ...each }) => ({ ...each, code: `7K3M9QX${String(id + 100)}` }))
  const trial = { ...tally, examples, document: other, isPartial: false, surges: null, isAdopted: false }
  const [head, tail] = trialPage(SETTINGS, other, page)
  return `${head}${trialProgress(open.length, open.length, page)}${trialResult(trial, page)}${tail}`
}

const NOW = START + 90 * HOUR
type Role = 'platform' | 'supervisor'

const deskPage = (page: PageContext, now = NOW, role: Role = 'platform'): DeskPage => ({
  ...page,
  person: { role, name: role === 'platform' ? OFFICER : '吴敏 S0008' },
  now,
  alerts: 4,
  library: RULES,
  here: '',
})
const specimen = (name: string, draw: Specimen['draw']): Specimen => ({ room: 'desk', name: `desk-${name}`, draw })

const caseFor = (story: Story, page: DeskPage) => ({
  ...caseOf({ id: parseId(story.id) ?? 0, entries: story.entries }, page),
  awaited: awaitedIn(story.complaint),
})

type Extras = (page: DeskPage, story: Story) => CaseExtras
const ofCase = (name: string, build: () => Story, extras: Extras = () => ({}), role: Role = 'platform'): Specimen =>
  specimen(`case-${name}`, page => {
    const story = build()
    const here = deskPage(page, story.now, role)
    return String(casePage(caseFor(story, here), here, extras(here, story)))
  })

const CASES: readonly StoryName[] = [
  ...(['fresh', 'review', 'offered', 'evidence', 'absent', 'returnDisputed', 'ruled', 'disputed', 'appealed'] as const),
  ...([
    'stuck',
    'reopened',
    'asksErasure',
    'withdrawn',
    'closedRuled',
    'hostile',
    'files',
    'outside',
    'expired',
    'allErased',
  ] as const),
]

const TYPED = {
  outcome: 'partly',
  facts: RULING.facts,
  rule: RULING.rule,
  reasons: RULING.reasons,
  'remedy.kind': 'partial_refund',
  'remedy.amount.value': '95.00',
  'remedy.owedBy': 'merchant',
}
const previewed: Extras = page => {
  const story = stories.review().act('rulings', by.officer(OFFICER), RULING)
  const form = { act: 'rulings', values: TYPED, problems: [] }
  return { form, preview: { view: story.view('act', page.dictionary), reader: page } }
}
const wrongRuling: Extras = page => ({
  form: {
    act: 'rulings',
    ...refused(
      page,
      { ...TYPED, facts: '', 'remedy.kind': '', 'remedy.amount.value': '九十五' },
      { field: 'facts', code: 'required' },
      { field: 'remedy.kind', code: 'choose' },
      { field: 'remedy.amount.value', code: 'amount' },
    ),
  },
})
const stale: Extras = (page, story) => ({
  form: {
    act: 'rulings',
    values: TYPED,
    problems: [],
    refusal: 'stale',
    changed: caseFor(story, page).view.steps.slice(3),
  },
})

const item = (story: Story, page: DeskPage): QueueItem => {
  const { view, standing, complaint } = caseFor(story, page)
  return { view, standing, due: complaint.due ?? page.now, humanRequested: complaint.humanRequested }
}
const QUEUED: readonly StoryName[] = ['passedAround', 'stuck', 'offered', 'hostile']
const sameShop = (i: number): Story =>
  new Story(`6F1A0B0C${String(i + 10)}`, { merchantId: 'm-2002', merchantName: '快品数码专营店' }).after(52 + i)

const queue = (name: string, stories: () => Story[], more: { next?: string; partial?: boolean } = {}): Specimen =>
  specimen(`queue-${name}`, page => {
    const here = deskPage(page)
    const items = stories().map(story => item(story, here))
    const filter = { turn: 'platform', view: 'all', kind: 'any' } as const
    const turns = { platform: 128, merchant: 41, buyer: 17, closed: 2390 }
    const sameMerchant = new Map(name === 'flood' ? [['m-2002', 126]] : [])
    const choices = { categories: ['quality', 'refund'], desks: ['家电组', '物流组'], officers: ['A17', 'B22'] }
    const counted = { choices, total: items.length > 0 ? turns.platform : 0, turns, sameMerchant }
    return String(queuePage({ items, filter, next: null, partial: false, first: true, ...counted, ...more }, here))
  })
const buildAll = (names: readonly StoryName[]) => names.map(name => stories[name]())

const batch = (name: string, more: (page: PageContext) => Partial<Batch>): Specimen =>
  specimen(`batch-${name}`, page => {
    const here = deskPage(page)
    const cases = [0, 1, 2].map(i => caseFor(sameShop(i), here))
    return String(batchPage({ cases, skipped: ['7K3M9QXA2P'], ...more(page) }, here))
  })
const ownValues = () =>
  Object.fromEntries([0, 1, 2].map(i => [`${prefixOf(sameShop(i).id)}facts`, '商家未在时限内答复。']))
const batchPreview = (page: PageContext): Partial<Batch> => ({
  form: { values: { ...TYPED, ...ownValues() }, problems: [] },
  previews: [0, 1].map(i => {
    const story = sameShop(i).act('rulings', by.officer(OFFICER), RULING)
    return { id: story.id, after: { view: story.view('act', page.dictionary), reader: page } }
  }),
})
const batchErrors = (page: PageContext): Partial<Batch> => ({
  form: refused(
    page,
    { rule: '' },
    { field: 'rule', code: 'required' },
    { field: `${prefixOf(sameShop(1).id)}facts`, code: 'required' },
  ),
})
const batchResults = (): Partial<Batch> => ({
  results: [{ id: sameShop(0).id }, { id: sameShop(1).id, refusal: 'stale' }],
})

const escalation = (story: Story, page: DeskPage): Escalation => {
  const { view, standing } = item(story, page)
  const due = story.complaint.due ?? page.now
  const missed = view.steps.filter(({ kind }) => kind === 'deadline_missed')
  const late = missed.filter(({ fields }) => fields.party !== 'merchant')
  const desks = view.steps.filter(({ kind }) => kind === 'handoff_offered').map(({ fields }) => String(fields.desk))
  const misses = late.map(({ fields }) => {
    const party = fields.party === 'supervisor' ? ('supervisor' as const) : ('platform' as const)
    return { party, officer: party === 'platform' ? standing.officer : null, due: String(fields.due) }
  })
  return { view, due, standing, misses, desks }
}
const LOADS = {
  officers: [
    { name: OFFICER, total: 34, late: 2, soon: 5, day: 17, taken: 6 },
    { name: '钱立 P0344', total: 21, late: 0, soon: 1, day: 9, taken: 0 },
    { name: null, total: 78, late: 0, soon: 12, day: 40 },
  ],
  desks: [{ name: '家电组', total: 61, late: 1, soon: 8, day: 30 }],
}
const supervision = specimen('supervisor', page => {
  const here = deskPage(page, START + 122 * HOUR, 'supervisor')
  const held = buildAll(['passedAround', 'stuck']).map(story => escalation(story, here))
  const phones = { platform: '13900001234', supervisor: null }
  const contacts = contactsSection({ phones, saved: true, back: null }, here)
  return String(supervisorPage({ loads: LOADS, held, overdue: [escalation(sameShop(60), here)] }, here, contacts))
})

const alert = (id: number, kind: AlertItem['kind'], seq: number, story: Story, page: DeskPage): AlertItem => ({
  id,
  kind,
  seq,
  at: NOW - id * HOUR,
  view: caseFor(story, page).view,
})
const alerts = specimen('alerts', page => {
  const here = deskPage(page)
  const items = [
    alert(1, 'conduct_reported', 4, stories.talking(), here),
    alert(2, 'asked_by_merchant', 2, stories.withdrawn(), here),
    alert(3, 'redaction_requested', 2, stories.asksErasure(), here),
    alert(4, 'human_requested', 1, stories.asksHuman(), here),
    alert(5, 'unsigned_act', 2, stories.forged(), here),
  ]
  return String(alertsPage(items, here, true))
})

const MESSAGES = [
  { party: 'buyer', template: 'submitted', outcome: null, reason: 'timeout', attempts: 3, nextAt: iso(NOW + HOUR) },
  {
    party: 'buyer',
    template: 'ruled',
    outcome: 'rejected',
    reason: 'isv.MOBILE_NUMBER_ILLEGAL',
    attempts: 1,
    nextAt: null,
  },
  { party: 'merchant', template: 'digest', outcome: 'expired', reason: 'SDK.5xx', attempts: 9, nextAt: null },
] as const
const messages = specimen('messages', page =>
  String(
    messagesPage(
      MESSAGES.map((each, i) => ({ ...each, complaint: '7K3M9QXA2P', createdAt: iso(NOW - i * HOUR) })),
      deskPage(page),
    ),
  ),
)

const ROWS: readonly PersonRow[] = [
  ...(['连衣裙 雾蓝 M', null] as const).map((item, i) => personRow(i, { item, asked: i === 0, state: 'closed_ruled' })),
  personRow(2, { item: '电饭煲', kept: 'open', state: 'platform_review' }),
  personRow(3, {
    item: '蓝牙耳机',
    kept: 'window',
    from: NOW + 100 * HOUR,
    byItself: NOW + 26_000 * HOUR,
    asked: true,
  }),
  personRow(4, { item: '儿童座椅', kept: 'legal_hold' }),
]
function personRow(i: number, over: Partial<PersonRow>): PersonRow {
  const { id } = sameShop(i)
  const row = {
    id,
    category: 'quality',
    item: null,
    state: 'closed_confirmed',
    seq: 7 + i,
    seen: 'A'.repeat(43),
  } as const
  return { ...row, kept: null, from: null, byItself: null, asked: false, ...over }
}
const person = (name: string, more: Partial<Person> = {}): Specimen =>
  specimen(`person${name}`, page => {
    const view = { phone: '13800001234', rows: ROWS, most: 100, ...more }
    return String(personPage(view, deskPage(page, NOW, 'supervisor')))
  })

/** The officers' console: queue, one complaint, rulings with preview and in batches, supervision, alerts, messages. */
export const deskSpecimens: readonly Specimen[] = [
  queue('all', () => [...buildAll(QUEUED), sameShop(3), sameShop(4)]),
  queue('flood', () => [...Array.from({ length: 6 }, (_, i) => sameShop(i)), ...buildAll(['review', 'stuck'])], {
    next: '1-1',
    partial: true,
  }),
  queue('empty', () => []),
  ...CASES.map(name => ofCase(kebab(name), stories[name])),
  ofCase('supervised', stories.passedAround, () => ({}), 'supervisor'),
  ofCase('overlong', stories.overlong, () => ({}), 'supervisor'),
  ofCase('held', stories.held, () => ({}), 'supervisor'),
  ofCase('ruling-preview', stories.review, previewed),
  ofCase('ruling-errors', stories.review, wrongRuling),
  ofCase('stale', stories.offered, stale),
  ofCase('did', stories.ruled, () => ({ did: 5 })),
  batch('form', () => ({})),
  batch('errors', batchErrors),
  batch('preview', batchPreview),
  batch('results', batchResults),
  supervision,
  specimen('supervisor-empty', page =>
    String(supervisorPage({ held: [], overdue: [] }, deskPage(page, NOW, 'supervisor'))),
  ),
  alerts,
  person(''),
  person('-results', {
    results: [{ id: sameShop(0).id }, { id: sameShop(1).id, refusal: 'stale' }],
    rows: ROWS.slice(1),
  }),
  person('-none', { rows: [] }),
  specimen('incidents', page =>
    String(incidentsPage(INCIDENTS, deskPage(page, NOW), { categories: ['quality', 'not_received'] })),
  ),
  specimen('figures', page => String(deskFiguresPage(deskSeason(), deskPage(page, NOW, 'supervisor')))),
  ...Object.entries({ settings: settingsSpecimen, 'settings-faults': settingsFaults, 'policy-trial': policyTrial }).map(
    ([name, draw]) => specimen(name, page => draw(deskPage(page, NOW, 'supervisor'))),
  ),
  specimen('rules', page => String(ruleLibraryPage(RULES, deskPage(page, NOW, 'supervisor')))),
  specimen('rules-errors', page => {
    const back = refused(page, { code: 'misdescribed', version: '3', title: '' }, { field: 'title', code: 'required' })
    return String(ruleLibraryPage(RULES, deskPage(page, NOW, 'supervisor'), { ...back, refusal: 'rule_version' }))
  }),
  specimen('rules-empty', page => String(ruleLibraryPage([], deskPage(page)))),
  specimen('alerts-empty', page => String(alertsPage([], { ...deskPage(page), alerts: 0 }, false))),
  messages,
  specimen('messages-empty', page => String(messagesPage([], deskPage(page)))),
]
