import { describe, expect, test } from 'vitest'
import { toComplaintView } from '../../../src/complaint/view/complaint-view.ts'
import type { Reader } from '../../../src/complaint/view/visibility.ts'
import { OPEN_STATES, type Role, STEP_KINDS } from '../../../src/complaint/words.ts'
import { zhCN } from '../../../src/i18n/zh-CN/complaint.ts'
import { sharesLink, stories } from '../every-kind.ts'
import * as m from '../moves.ts'
import { type DomainWorld, desk, entriesOf, given, later, silence } from '../support.ts'

const readers: [Reader, Role | null][] = [
  ['buyer', 'buyer'],
  ['share', null],
  ['merchant', 'merchant'],
  ['platform', 'platform'],
]
const view = (world: DomainWorld, reader: Reader = 'buyer', role: Role | null = 'buyer', erased: string[] = []) =>
  toComplaintView({
    id: '0K3F8Q2M7Z',
    entries: entriesOf(world, erased),
    reader,
    role,
    now: world.now,
    dictionary: zhCN,
  })
const share = (world: DomainWorld) => JSON.stringify(view(world, 'share', null))
const told = Object.entries(stories).map(([name, tell]) => [name, tell()] as const)

test('the stories tell of every kind of step', () => {
  const kinds = new Set(told.flatMap(([, world]) => world.steps.map(step => step.kind)))
  expect([...STEP_KINDS].filter(kind => !kinds.has(kind))).toEqual([])
})

describe.each(told)('%s', (_name, world) => {
  test.each(readers)('has the shape of the API for the %s', (reader, role) => {
    const seen = view(world, reader, role)
    const { complaint, steps, responsibility, next } = seen
    expect(Object.keys(complaint)).toEqual(
      expect.arrayContaining(
        'id state after holder due overdue openedAt policy merchant category remedySought handoffs reopened'.split(' '),
      ),
    )
    expect(steps).toHaveLength(world.steps.length)
    expect(Object.keys(steps[0]!)).toEqual(['seq', 'at', 'on', 'kind', 'by', 'fields', 'signed', 'leaf', 'index'])
    expect(next === null).toBe(complaint.due === null)
    if (next) expect(next).toEqual({ ifActs: expect.any(String), ifSilent: expect.any(String), at: complaint.due })
    for (const entry of responsibility) expect(Object.keys(entry)).toEqual(['role', 'seconds', 'lateSeconds'])
    if (role === null) expect(seen.actions).toEqual([])
    const json = JSON.stringify(seen)
    expect(json).not.toMatch(/undefined|NaN|\[object|lapses/)
    expect(JSON.parse(json).steps.map((step: { at: string }) => step.at)).toEqual(
      world.steps.map(step => new Date(step.at).toISOString()),
    )
  })

  test('every step is one plain sentence', () => {
    for (const [reader, role] of readers) {
      for (const step of view(world, reader, role).steps) {
        const sentence = zhCN.describe(step)
        expect(sentence.length).toBeGreaterThan(3)
        expect(sentence, step.kind).not.toMatch(/undefined|null|true|false|NaN|[a-z]|，，|：$|“”/)
      }
    }
  })
})

test('every open state says what comes next, to any reader alike', () => {
  const seen = new Set<string>()
  const moves = [m.submitted, m.rejected, m.escalates, m.asksEvidence(), m.supplies(), ...m.returnRuled.slice(3)]
  const further = [m.ships, m.fulfils(), m.appeals]
  const { world } = given(...moves.slice(0, 1))
  for (const move of [...moves.slice(1), ...further, silence]) {
    const { next, complaint } = view(world)
    seen.add(complaint.state)
    expect(next?.ifActs).toMatch(/。$/)
    expect(next?.ifSilent).toMatch(/。$/)
    expect(`${next?.ifActs}${next?.ifSilent}`).not.toMatch(/undefined|NaN|您|[a-z]/)
    move(world)
  }
  expect([...seen].sort()).toEqual([...OPEN_STATES].sort())
})

describe('a share link', () => {
  const world = given(m.submitted, m.rejected, m.supplies()).world
  test('shows a masked name, no phone, no order number, no texts', () => {
    const seen = share(world)
    expect(seen).toContain('王**')
    for (const secret of [
      '王小梅',
      '13800138000',
      '****8000',
      '2026030200017',
      '裙子的颜色',
      '图片仅供参考',
      '见照片',
      '李娜',
    ]) {
      expect(seen).not.toContain(secret)
    }
  })
  test('shows texts and files only where they were ticked', () => {
    const photos = stories.passedAround!()
    const ticked = (texts: boolean, files: boolean) => {
      sharesLink(texts, files)(photos)
      return share(photos)
    }
    expect(ticked(true, false)).toContain('实物照片')
    expect(ticked(true, false)).not.toContain('裙子.jpg')
    expect(ticked(false, true)).toContain('裙子.jpg')
    expect(ticked(false, true)).not.toContain('实物照片')
    expect(ticked(true, true)).not.toMatch(/13800138000|王小梅|2026030200017/)
  })
  test('has no tracking number and no address', () => {
    const seen = share(stories.returned!())
    expect(seen).toContain('顺丰')
    expect(seen).not.toMatch(/SF1234567890|杭州/)
  })
})

describe('each reader', () => {
  const world = given(m.submitted, m.rejected).world
  const json = (reader: Reader) => JSON.stringify(view(world, reader, null))
  test('the buyer sees the own name, and never the whole phone number', () => {
    expect(json('buyer')).toContain('王小梅')
    expect(json('buyer')).toContain('****8000')
    expect(json('buyer')).not.toContain('13800138000')
  })
  test('who has no more than the link sees what the buyer does but for the digits that it will be asked for', () => {
    const without = (reader: Reader) => json(reader).replace('"buyerPhoneMasked":"****8000",', '')
    expect(json('link')).toBe(without('buyer'))
    expect(json('link')).not.toBe(json('buyer'))
  })
  test('the merchant sees the order and the texts, not the name or the phone', () => {
    expect(json('merchant')).toContain('2026030200017')
    expect(json('merchant')).toContain('裙子的颜色')
    expect(json('merchant')).not.toMatch(/王小梅|13800138000/)
  })
  test('the platform sees all', () => {
    expect(json('platform')).toContain('13800138000')
  })
})

describe('what a view says', () => {
  test('erased fields are named and gone', () => {
    const { steps } = view(given(m.submitted, m.rejected).world, 'buyer', 'buyer', ['1.statement', '0.buyerName'])
    expect(steps[1]).toMatchObject({ erased: ['statement'] })
    expect(steps[1]?.fields).not.toHaveProperty('statement')
    expect(steps[0]?.by.name).toBe('王**')
  })
  test('deadline_missed has the fields party and due, even before a lapse', () => {
    const missed = (world: DomainWorld) => view(world).steps.findLast(step => step.kind === 'deadline_missed')?.fields
    expect(missed(given(m.submitted, silence).world)).toEqual({ party: 'merchant', due: '2026-03-04T02:00:00.000Z' })
    expect(missed(given(m.submitted, m.offered, m.notifiedThrice, silence).world)).toEqual({
      party: 'buyer',
      due: '2026-03-09T02:00:00.000Z',
    })
  })
  test('amounts stand inside their remedy, instants are ISO 8601', () => {
    const { steps, complaint } = view(stories.promised!())
    expect(complaint.remedySought).toEqual({ kind: 'refund', amount: { value: '89.00', currency: 'CNY' } })
    expect(steps[1]?.fields).toMatchObject({
      answer: 'offer',
      offer: { kind: 'partial_refund', amount: { value: '20.00', currency: 'CNY' }, by: '2026-03-03T02:00:00.000Z' },
    })
    expect(complaint.offer).toBe(1)
  })
  test.each<[string, DomainWorld, boolean]>([
    ['an answer in time', given(m.submitted, m.rejected).world, false],
    ['an answer after the silence', given(m.submitted, silence, m.offered).world, true],
    ['a better offer in a review', given(...m.inReview, m.offered).world, false],
    ['a ruling in time', given(...m.inReview, m.rulesRefund).world, false],
    ['a ruling after the platform’s time', given(...m.inReview, silence, m.rulesRefund).world, true],
    ['a ruling after the supervisor’s time too', given(...m.inReview, later('30d'), m.rulesRefund).world, true],
    ['a fulfilment in time', given(m.submitted, m.offersAll(), m.fulfils()).world, false],
    ['a fulfilment after its date', given(m.submitted, m.offersAll(), silence, m.fulfils()).world, true],
    ['evidence that nobody asked for', given(...m.inReview, later('30d'), m.supplies()).world, false],
    ['a message is never late', given(...m.inReview, later('30d'), m.writes()).world, false],
  ])('late: %s', (_name, world, late) => {
    expect(view(world).steps.at(-1)?.late ?? false).toBe(late)
  })
  test('the holder is the officer by name, else the desk, else the platform', () => {
    const holder = (world: DomainWorld) => view(world).complaint.holder
    expect(holder(given(...m.inReview).world)).toEqual({ role: 'platform', name: '平台' })
    expect(holder(given(...m.inReview, m.assigns()).world)).toEqual({ role: 'platform', name: 'A17' })
    expect(holder(given(...m.inReview, m.assigns(), m.rulesRefund, m.appeals).world)?.name).toBe('平台')
    expect(holder(given(...m.inReview, later('80h')).world)).toEqual({ role: 'supervisor', name: '平台主管' })
  })
  test('the first date stands beside an extended one, of this stay alone', () => {
    const first = (world: DomainWorld) => view(world).complaint.firstDue
    expect(first(given(m.submitted, m.extends_(3_600_000)).world)).toBe('2026-03-04T02:00:00.000Z')
    expect(first(given(m.submitted, m.extends_(3_600_000), m.rejected).world)).toBeNull()
    const both = [...m.inReview, m.extends_(3_600_000, desk), m.asksEvidence('both'), m.extends_(7_200_000)]
    expect(first(given(...both).world)).toBe('2026-03-05T02:00:00.000Z')
    expect(first(given(...both, m.supplies(), later('1h')).world)).toBe('2026-03-05T02:00:00.000Z')
  })
  test('overdue stays true once a supervisor missed it too, and the outside remedies are named', () => {
    const { complaint, next } = view(given(m.submitted, later('90d')).world)
    expect(complaint).toMatchObject({ overdue: true, holder: { role: 'supervisor' } })
    expect(next?.ifSilent).toContain('12315')
  })
  test('an appeal that runs past the announced calendar is provisional', () => {
    const december = given(
      w => {
        w.now = Date.parse('2026-12-28T02:00:00Z')
        m.submitted(w)
      },
      m.turnsAway(),
      m.appeals,
    ).world
    expect(view(december).complaint.provisional).toBe(true)
    expect(view(stories.refused!()).complaint.provisional).toBe(false)
  })
})
