import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import document from '../../../db/policies/cn-2026-1.json' with { type: 'json' }
import { type Policy, parsePolicy, type Surge, surgeProblem } from '../../../src/complaint/deadlines/policy.ts'
import { OUTSIDE_ACTS } from '../../../src/complaint/decide.ts'
import { toComplaintView } from '../../../src/complaint/view/complaint-view.ts'
import { replay } from '../../../src/complaint/view/timeline.ts'
import { zhCN } from '../../../src/i18n/zh-CN/complaint.ts'
import {
  accepts,
  appeals,
  asksEvidence,
  disputes,
  escalates,
  extends_,
  fulfils,
  inReview,
  offers,
  offersAll,
  rejected,
  rules,
  rulesForMerchant,
  rulesRefund,
  ships,
  submits,
  supplies,
} from '../moves.ts'
import { choices, doesSomething, somebody, timePasses } from '../random-acts.ts'
import { DomainWorld, entriesOf, given, HOUR, later, leavesOf, type Move, policy, START, silence } from '../support.ts'
import { expectRecomputed } from './recompute.ts'

/** From Tuesday 3 to Saturday 7 March; the stories begin on Monday the 2nd, at 10 in the morning. */
const surge: Surge = {
  name: '三月促销',
  announced: '2026-02-20',
  from: '2026-03-03',
  until: '2026-03-07',
  hours: 24,
  basis: 'platform_rule',
  source: '平台公告 2026-02',
}
const withSurge: Policy = { ...parsePolicy({ ...document, surges: [surge] }), hash: policy.hash }
const filed = submits({ policy: withSurge })
const DAY1: Move = later('1d')

describe('what begins within a declared surge has its hours more', () => {
  test('a submission; the page shows both dates, and why', () => {
    const { world } = given(DAY1, filed).then('awaiting_merchant', {
      due: '72h',
      rule: 'times.awaiting_merchant+surge',
    })
    const { complaint } = look(world)
    expect(Date.parse(complaint.usualDue ?? '')).toBe(world.now + 48 * HOUR)
    expect(complaint.surge).toEqual({ name: '三月促销', hours: 24, basis: 'platform_rule', source: '平台公告 2026-02' })
    expect(complaint.clause).toMatchObject({ hours: 48, basis: 'platform_rule' })
  })

  test('by days in Shanghai: from the first midnight to the last', () => {
    const opens =
      (at: string): Move =>
      w => {
        w.now = Date.parse(at)
      }
    given(opens('2026-03-02T23:59:59.999+08:00'), filed).then('awaiting_merchant', { due: '48h' })
    given(opens('2026-03-03T00:00:00+08:00'), filed).then('awaiting_merchant', { due: '72h' })
    given(opens('2026-03-07T23:59:59.999+08:00'), filed).then('awaiting_merchant', { due: '72h' })
    given(opens('2026-03-08T00:00:00+08:00'), filed).then('awaiting_merchant', { due: '48h' })
  })

  test('an answer, a review, a request for evidence, goods: the same for everybody', () => {
    given(DAY1, filed, rejected).then('awaiting_buyer', { due: '192h', rule: 'times.awaiting_buyer+surge' })
    given(DAY1, filed, rejected, escalates).then('platform_review', { due: '96h' })
    given(DAY1, filed, rejected, escalates, asksEvidence('both')).then('evidence_requested', { due: '96h' })
    const reship = given(DAY1, filed, offers({ kind: 'reship' }), accepts())
    reship.then('fulfilment', { due: '192h', rule: 'times.fulfilment_goods+surge' })
    const { world } = given(DAY1, filed, offers({ kind: 'reship' }), accepts(), fulfils())
    expect(world.c.rule).toBe('times.awaiting_confirmation+surge')
  })

  test('a review that evidence interrupted keeps both dates', () => {
    const { world } = given(DAY1, filed, rejected, escalates, asksEvidence(), later('20h'), supplies())
    expect(world.c).toMatchObject({ due: world.now + 96 * HOUR, dueWithoutSurge: world.now + 72 * HOUR })
  })

  test('an extension is at most the usual time again', () => {
    given(DAY1, filed)
      .when(extends_(48 * HOUR))
      .then('awaiting_merchant', { due: '120h' })
    given(DAY1, filed)
      .when(extends_(48 * HOUR + 1))
      .refused('date_beyond_cap')
  })

  test('silence is missed at the longer date, and the next time begins there', () => {
    const { world } = given(DAY1, filed, silence)
    expect(world.steps.at(-1)?.p).toMatchObject({ due: START + (24 + 72) * HOUR })
    expect(world.c).toMatchObject({ due: START + (24 + 72 + 96) * HOUR, rule: 'times.platform_review+surge' })
  })
})

describe('and nothing else has', () => {
  test('what waited already, when the surge began', () => {
    given(filed, DAY1).then('awaiting_merchant', { due: '24h', rule: 'times.awaiting_merchant' })
  })
  test('a complaint of before: it is bound to its own policy', () => {
    given(submits(), DAY1, rejected, escalates).then('platform_review', { due: '72h', rule: 'times.platform_review' })
  })
  test('money that was agreed or ruled, its proof, and the review of its miss', () => {
    const agreed = [DAY1, filed, offersAll()]
    given(...agreed).then('fulfilment', { due: '48h', rule: 'times.fulfilment_money' })
    given(...agreed, silence).then('platform_review', { due: '72h' })
    given(...agreed, fulfils()).then('awaiting_confirmation', { due: '7d' })
    given(...agreed, fulfils(), disputes).then('platform_review', { due: '72h' })
    given(DAY1, filed, rejected, escalates, rulesRefund).then('fulfilment', { due: '48h' })
  })
  test('a return against money, and the refund behind it', () => {
    const back = offers({ kind: 'return_refund', returnTo: '杭州', freightPaidBy: 'merchant' })
    given(DAY1, filed, back, accepts()).then('awaiting_return', { due: '7d' })
    given(DAY1, filed, back, accepts(), ships).then('fulfilment', { due: '15d' })
  })
  test('a supervisor, who answers for a platform that was silent', () => {
    const { world } = given(DAY1, filed, rejected, escalates, silence)
    expect(world.c).toMatchObject({ rule: 'times.supervisor', due: world.now + 24 * HOUR, dueWithoutSurge: null })
  })
  test('an appeal, and the evidence that is asked for in it', () => {
    const appealed = [DAY1, filed, ...inReview.slice(1), rulesForMerchant, appeals]
    given(...appealed).then('appeal_review', { rule: 'times.appeal_review' })
    given(...appealed, asksEvidence()).then('evidence_requested', { due: '72h' })
  })
  test('a date that was promised', () => {
    const by = START + 50 * HOUR
    const ruled = rules({ remedy: { kind: 'reship', owedBy: 'merchant' }, due: by })
    given(DAY1, filed, rejected, escalates, ruled).then('fulfilment', { due: by, rule: 'promised' })
  })
})

describe('a surge is told to everybody seven days before', () => {
  const day = (date: string) => Date.parse(`${date}T00:00:00+08:00`)
  const adopt = (at: number, earlier: { surges?: Surge[] }[] = [], surges = [surge]) =>
    surgeProblem({ surges }, earlier, at)

  test.each([
    ['seven days before', day('2026-02-24'), null],
    ['a millisecond later', day('2026-02-24') + 1, 'the surge 三月促销 begins on 2026-03-03'],
    ['while it lasts', day('2026-03-05'), 'the surge 三月促销'],
    ['when it is over, which lengthens nothing', day('2026-03-08'), null],
  ])('%s', (_when, at, said) => {
    if (said === null) expect(adopt(at)).toBeNull()
    else expect(adopt(at)).toContain(said)
  })
  test('an earlier document told of it, unless it was another', () => {
    expect(adopt(day('2026-03-01'), [{ surges: [surge] }])).toBeNull()
    expect(adopt(day('2026-03-01'), [{ surges: [{ ...surge, hours: 12 }] }])).toContain('三月促销')
    expect(adopt(day('2026-03-01'), [{ surges: [{ ...surge, until: '2026-03-06' }] }])).toContain('三月促销')
  })
  test('documents one after the other come to 20 days a year at most', () => {
    const june = { ...surge, announced: '2026-05-01', from: '2026-06-01', until: '2026-06-15' }
    expect(adopt(day('2026-05-01'), [{ surges: [surge] }], [june])).toBeNull()
    const longer = { ...june, until: '2026-06-16' }
    expect(adopt(day('2026-05-01'), [{ surges: [surge] }], [longer])).toContain('more than 20 days in 2026')
  })
})

test('whatever anybody does: a due instant is the usual one or at most a day later, and only within the surge', () => {
  fc.assert(
    fc.property(choices(200), pick => {
      const world = new DomainWorld()
      world.now += pick.below(8) * 24 * HOUR
      filed(world)
      for (let i = 0; i < 40; i++) {
        timePasses(world, pick)
        world.tick()
        doesSomething(world, pick.of(OUTSIDE_ACTS), somebody(pick), pick)
      }
      expectRecomputed(leavesOf(world.steps), withSurge)
      const within = (at: number) =>
        at >= Date.parse('2026-03-03T00:00:00+08:00') && at < Date.parse('2026-03-08T00:00:00+08:00')
      for (const { after } of replay(entriesOf(world))) {
        if (after.dueWithoutSurge === null) expect(after.rule ?? '').not.toContain('+surge')
        else {
          expect(after.rule).toContain('+surge')
          expect(within(after.since)).toBe(true)
          if (!after.extended) expect((after.due ?? 0) - after.dueWithoutSurge).toBe(24 * HOUR)
        }
      }
    }),
  )
})

function look(world: DomainWorld) {
  const entries = entriesOf(world)
  return toComplaintView({ id: '0K3F8Q2M7Z', entries, reader: 'buyer', role: null, now: world.now, dictionary: zhCN })
}
