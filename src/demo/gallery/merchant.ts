import { HOUR } from '../../complaint/time.ts'
import { toComplaintView } from '../../complaint/view/complaint-view.ts'
import { MERCHANT_WORDS } from '../../i18n/areas/merchant.ts'
import { SIGNING_WORDS } from '../../i18n/areas/team.ts'
import type { FormName } from '../../i18n/index.ts'
import { parseId } from '../../link/id.ts'
import { boundsOf, trackOf } from '../../routes/merchant/context.ts'
import { signingKeysPage } from '../../views/console.ts'
import type { PageContext } from '../../views/context.ts'
import { casePage } from '../../views/merchant/case.ts'
import { type CaseContext, type Desk, framed } from '../../views/merchant/context.ts'
import { type Inbox, inboxPage, type Row } from '../../views/merchant/inbox.ts'
import {
  contactSection,
  deliveriesPage,
  hooksSection,
  keysSection,
  settingsNotice,
  settingsPage,
} from '../../views/merchant/settings.ts'
import { statisticsPage } from '../../views/merchant/statistics.ts'
import { ownFigures } from './figures.ts'
import { type StoryName, stories } from './stories.ts'
import { awaitedIn, by, kebab, refused, type Specimen, START, Story } from './story.ts'

const NOW = START + 30 * HOUR
const CATEGORIES = ['not_as_described', 'quality', 'delivery', 'refund']
const desk = (page: PageContext, now = NOW): Desk => ({ page, now, person: { role: 'merchant', name: '客服小陈' } })
const merchant = (name: string, draw: Specimen['draw']): Specimen => ({
  room: 'merchant',
  name: `merchant-${name}`,
  draw,
})

const viewOf = ({ id, entries, now }: Story, { dictionary }: PageContext) =>
  toComplaintView({ id, entries, reader: 'merchant', role: 'merchant', now, dictionary })

type Extras = (page: PageContext, story: Story) => Partial<CaseContext>

const ofCase = (name: string, build: () => Story, extras: Extras = () => ({})): Specimen =>
  merchant(`case-${name}`, (page, base) => {
    const story = build()
    const here = desk(page, story.now)
    const context: CaseContext = {
      ...here,
      track: trackOf(here, base),
      buyer: page,
      bounds: boundsOf({ id: parseId(story.id) ?? 0, entries: story.entries }, story.now),
      next: { id: '3WNB5TRC8D', again: false },
      team: {
        base,
        me: '客服小陈',
        assignment: { assignee: '李娜', people: ['李娜', '王姐'] },
        notes: [{ id: 1, author: '李娜', text: '仓库说周四补货，先别答应换。', at: START + 26 * HOUR }],
        others: ['李娜'],
      },
      saved: [],
      awaited: awaitedIn(story.complaint),
      signing: null,
      done: null,
      ...extras(page, story),
    }
    return String(casePage(viewOf(story, page), context))
  })

const CASES: readonly StoryName[] = [
  'reported',
  'outside',
  ...([
    'fresh',
    'robot',
    'offer',
    'review',
    'merchantAsked',
    'bothAsked',
    'returning',
    'onItsWay',
    'shipped',
    'ruled',
  ] as const),
  ...(['proven', 'appealed', 'extended', 'surging', 'stuck', 'confirmed', 'lapsed', 'hostile', 'erased'] as const),
]

const OFFERED = {
  answer: 'offer',
  statement: '版型确实有出入，给您补偿 60 元，裙子您留着。',
  'offer.kind': 'partial_refund',
  'offer.amount.value': '60.00',
}
const form = (name: FormName, values: Readonly<Record<string, string>>) => ({ name, values, problems: [] })

const previewed: Extras = page => {
  const story = stories.offer()
  const track = { ...trackOf(desk(page, story.now), ''), scope: 'act' as const }
  return { form: form('offer', OFFERED), preview: { view: story.view('act', page.dictionary), track } }
}
const wrong: Extras = page => ({
  form: {
    name: 'offer',
    ...refused(
      page,
      { ...OFFERED, statement: '', 'offer.amount.value': '六十' },
      { field: 'statement', code: 'required' },
      { field: 'offer.amount.value', code: 'amount' },
    ),
  },
})
const stale: Extras = (page, story) => ({
  form: {
    ...form('messages', { text: '请问能否换货？' }),
    refusal: 'stale',
    changed: viewOf(story, page).steps.slice(1),
  },
})

const row = (build: () => Story, page: PageContext): Row => {
  const story = build()
  const { complaint, steps } = viewOf(story, page)
  const { item, orderId } = steps[0]?.fields ?? {}
  const newest = steps.findLast(({ kind }) => kind !== 'notice_sent')
  return {
    id: complaint.id,
    state: complaint.state,
    holder: story.complaint.holder,
    due: story.complaint.due,
    category: complaint.category,
    item: String(item ?? ''),
    orderId: String(orderId ?? ''),
    buyer: complaint.buyer,
    sought: complaint.remedySought,
    assignee: null,
    newest: { says: newest ? page.dictionary.describe(newest) : '', at: newest?.at ?? complaint.openedAt },
  }
}

const OPEN: readonly StoryName[] = ['stuck', 'fresh', 'hostile', 'extended', 'shipped', 'bothAsked', 'offer', 'ruled']
const COUNTS = { turns: { mine: 5, buyer: 2, platform: 1, all: 8, closed: 214 }, today: 2, late: 1, onTime: 0.93 }
const NONE = { turns: { mine: 0, buyer: 0, platform: 0, all: 0, closed: 0 }, today: 0, late: 0, onTime: null }

const inbox = (name: string, more: (page: PageContext) => Partial<Inbox>): Specimen =>
  merchant(`inbox-${name}`, (page, base) =>
    String(
      inboxPage(desk(page), {
        rows: [],
        total: 8,
        next: null,
        further: false,
        asked: { here: base },
        counts: COUNTS,
        categories: CATEGORIES,
        ...more(page),
      }),
    ),
  )

const rows = (names: readonly StoryName[], page: PageContext) => names.map(name => row(stories[name], page))
const hundred = (page: PageContext): Row[] =>
  Array.from({ length: 50 }, (_, i) =>
    row(() => new Story(`7K3M9QXA${String(i + 10)}`).after(i).act('messages', by.buyer, { text: '在吗？' }), page),
  )

const HOOKS = [
  {
    id: 'hk1',
    url: 'https://erp.lujiao.example/hooks/tousu/complaints?shop=lujiao&region=cn-east-1',
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    disabledWhy: null,
    status: 'failing' as const,
    failures: 8,
    lastAnswer: 'unreachable',
  },
  {
    id: 'hk2',
    url: 'https://old.lujiao.example/hook',
    secret: 'whsec_C2FVsBQIhrscChlQIMV',
    disabledWhy: '410',
    status: 'disabled',
    failures: 1,
    lastAnswer: '410',
  } as const,
]
const KEYS = [
  { id: 'ab'.repeat(32), name: 'ERP 正式环境', createdAt: START - 900 * HOUR },
  { id: 'cd'.repeat(32), name: `\u202e测试 ${'x'.repeat(40)}`, createdAt: START - 30 * HOUR },
]

const settings = merchant('settings', page => {
  const here = desk(page)
  return String(
    settingsPage(here, [
      contactSection(here, { phone: '13800010001', pending: '13900002468' }, null),
      keysSection(here, { keys: KEYS, made: null, back: null }),
      hooksSection(here, HOOKS, null),
    ]),
  )
})
const signingKeys = merchant('signing-keys', page => {
  const [own, other] = ['fVHoy3YOFOVMSW8UqYSZ5RZ_oHNxC5RPpNOqgv3hy6M', 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k']
  const keys = [
    { key: own, label: 'Edge · Windows', addedAt: NOW - HOUR, own: true, retired: false, credential: null },
    { key: other, label: 'ERP', addedAt: NOW - 20 * HOUR, own: false, retired: false, credential: null },
    {
      key: `${own.slice(0, 42)}8`,
      label: '手机',
      addedAt: NOW - 25 * HOUR,
      own: true,
      retired: false,
      credential: 'AA',
    },
    {
      key: `${other.slice(0, 42)}8`,
      label: '仓库 2 号电脑',
      addedAt: NOW - 30 * HOUR,
      own: false,
      retired: true,
      credential: null,
    },
  ]
  const about = { origin: 'lujiao.cn/log/0', party: '6-zasPJbQAnMxv6g', seen: own, store: 'party', person: '李娜' }
  const main = signingKeysPage({ page, base: '/merchant/keys', keys, required: false, done: 'added', ...about })
  return String(framed(desk(page), { title: SIGNING_WORDS[page.locale].title, room: 'settings', main }))
})
const settingsNew = merchant('settings-new-key', page => {
  const here = desk(page)
  return String(
    settingsPage(here, [
      settingsNotice('good', MERCHANT_WORDS[page.locale].settings.saved),
      contactSection(here, { phone: null, pending: null }, null),
      keysSection(here, { keys: [], made: 'tsk_9x0f0c2b1aQ4v7yTn3sLkWm8eRzUqBdH', back: null }),
      hooksSection(here, [], null),
    ]),
  )
})
const settingsErrors = merchant('settings-errors', page => {
  const here = desk(page)
  const keys = refused(page, { name: '' }, { field: 'name', code: 'required' })
  return String(
    settingsPage(here, [
      contactSection(
        here,
        { phone: null, pending: null },
        refused(page, { phone: '12' }, { field: 'phone', code: 'phone' }),
      ),
      keysSection(here, { keys: KEYS, made: null, back: keys }),
      hooksSection(here, [], refused(page, { url: 'erp.lujiao' }, { field: 'url', code: 'url' })),
    ]),
  )
})

const LINES = [
  { id: 4, seq: 5, attempts: 0, outcome: null, answer: null, nextAt: null },
  { id: 3, seq: 4, attempts: 3, outcome: null, answer: '503', nextAt: NOW + HOUR },
  { id: 2, seq: 3, attempts: 1, outcome: 'delivered', answer: '204', nextAt: null },
  { id: 1, seq: 2, attempts: 12, outcome: 'failed', answer: 'timeout', nextAt: null },
] as const
const deliveries = merchant('webhook-deliveries', page => {
  const lines = LINES.map((line, i) => ({ ...line, complaint: '7K3M9QXA2P', createdAt: NOW - i * HOUR }))
  const url = 'https://erp.lujiao.example/hooks/tousu'
  return String(deliveriesPage(desk(page), { id: 'hk1', url, notice: null }, lines))
})

/** The merchant's console: list, one complaint in every state where the merchant may act, statistics and settings. */
export const merchantSpecimens: readonly Specimen[] = [
  inbox('open', page => ({ rows: rows(OPEN, page) })),
  inbox('filtered', page => ({ rows: rows(['fresh', 'stuck'], page), asked: { here: '', turn: 'mine' } })),
  inbox('closed', page => ({ rows: rows(['confirmed', 'lapsed', 'withdrawn'], page) })),
  inbox('full', page => ({ rows: hundred(page), next: '/merchant?cursor=2', total: 1203 })),
  inbox('empty', () => ({ total: 0, counts: NONE })),
  ...CASES.map(name => ofCase(kebab(name), stories[name])),
  ofCase('preview', () => new Story().after(5), previewed),
  ofCase('form-errors', () => new Story().after(5), wrong),
  ofCase('stale', stories.talking, stale),
  ofCase('done', stories.offer, () => ({ done: 1 })),
  merchant('figures', page => String(statisticsPage(desk(page), ownFigures(), 90))),
  merchant('figures-none', page => String(statisticsPage(desk(page), ownFigures([]), 90))),
  settings,
  signingKeys,
  settingsNew,
  settingsErrors,
  deliveries,
]
