import { safeParse } from 'valibot'
import { describe, expect, test } from 'vitest'
import document from '../../../db/policies/cn-2026-1.json' with { type: 'json' }
import { DeadlinePolicyError, PolicySchema, parsePolicy } from '../../../src/complaint/deadlines/policy.ts'
import { zhCN } from '../../../src/i18n/zh-CN/complaint.ts'
import { readPolicy } from '../../../src/ledger/log/read-policy.ts'

// biome-ignore lint/suspicious/noExplicitAny: a document to be spoilt.
type Spoilt = any
const problems = (spoil: (policy: Spoilt) => void): string[] => {
  const policy = structuredClone(document)
  spoil(policy)
  const { issues = [] } = safeParse(PolicySchema, policy)
  return issues.map(issue => (issue.path ?? []).map(({ key }) => key).join('.'))
}

/** 双十一: seven days, from the 9th to the 15th. */
const declare = (policy: Spoilt, ...changes: object[]): void => {
  const surge = {
    name: '双十一',
    announced: '2026-11-02',
    from: '2026-11-09',
    until: '2026-11-15',
    hours: 24,
    basis: 'platform_rule',
    source: '平台公告 2026-11',
  }
  policy.surges = changes.map(change => ({ ...surge, ...change }))
}

describe('a policy document', () => {
  test('the one that is shipped is whole', () => {
    expect(problems(() => {})).toEqual([])
  })
  test.each<[string, (policy: Spoilt) => void, string]>([
    ['a missing state', p => delete p.times.awaiting_return, 'times.awaiting_return'],
    ['hours of none', p => Object.assign(p.times.supervisor, { hours: 0 }), 'times.supervisor.hours'],
    ['hours in parts', p => Object.assign(p.times.supervisor, { hours: 1.5 }), 'times.supervisor.hours'],
    ['hours as text', p => Object.assign(p.caps.promise_money, { hours: '48' }), 'caps.promise_money.hours'],
    ['an unknown key', p => Object.assign(p.times, { awaiting_robot: { hours: 1 } }), 'times.awaiting_robot'],
    ['an unknown key below', p => Object.assign(p.windows.appeal, { days: 7 }), 'windows.appeal.days'],
    ['no basis', p => delete p.windows.appeal.basis, 'windows.appeal.basis'],
    ['a basis of another kind', p => Object.assign(p.limits.handoffs, { basis: 'custom' }), 'limits.handoffs.basis'],
    ['no source', p => Object.assign(p.lapse.notices, { source: '' }), 'lapse.notices.source'],
    ['a day that is no date', p => p.calendar.holidays.push('1 May'), 'calendar.holidays.33'],
    ['a day of no month', p => p.calendar.holidays.push('2026-02-30'), 'calendar.holidays.33'],
    ['a holiday told twice', p => p.calendar.holidays.push('2026-10-01'), 'calendar.holidays'],
    ['a holiday that is worked', p => p.calendar.workdays.push('2026-10-01'), 'calendar.workdays'],
    [
      'a table longer than it says',
      p => Object.assign(p.calendar, { coveredUntil: '2026-10-06' }),
      'calendar.coveredUntil',
    ],
    ['a category told twice', p => p.categories.push('quality'), 'categories'],
    ['hours below none', p => Object.assign(p.times.awaiting_buyer, { hours: -1 }), 'times.awaiting_buyer.hours'],
    [
      'more hours than anybody waits',
      p => Object.assign(p.caps.promise_goods, { hours: 1e9 }),
      'caps.promise_goods.hours',
    ],
    ['a surge of two days more', p => declare(p, { hours: 48 }), 'surges.0.hours'],
    ['a surge of no hours', p => declare(p, { hours: 0 }), 'surges.0.hours'],
    ['a surge told six days before', p => declare(p, { announced: '2026-11-03' }), 'surges.0.from'],
    ['a surge that ends before it begins', p => declare(p, { until: '2026-11-08' }), 'surges.0.until'],
    ['a surge of 21 days', p => declare(p, { until: '2026-11-29' }), 'surges'],
    ['a surge of a hundred years', p => declare(p, { until: '2126-11-29' }), 'surges'],
    ['a surge without a basis', p => declare(p, { basis: undefined }), 'surges.0.basis'],
    ['surges that meet', p => declare(p, {}, { from: '2026-11-15', until: '2026-11-16' }), 'surges'],
    ['surges of 21 days together', p => declare(p, {}, { from: '2026-12-01', until: '2026-12-14' }), 'surges'],
    ['no categories', p => Object.assign(p, { categories: [] }), 'categories'],
    ['another version', p => Object.assign(p, { v: 2 }), 'v'],
  ])('%s is refused, with its place', (_name, spoil, path) => {
    expect(problems(spoil)).toEqual([path])
  })
  test('20 days of surges in a year are allowed, and what is left of one year is not the next one’s', () => {
    expect(problems(p => declare(p, {}, { from: '2026-12-01', until: '2026-12-13' }))).toEqual([])
    expect(problems(p => declare(p, {}, { from: '2026-12-19', until: '2027-01-20' }))).toEqual([])
    expect(problems(p => declare(p, {}, { from: '2026-12-19', until: '2027-01-21' }))).toEqual(['surges'])
  })
  test('one line says what is wrong, and where', () => {
    const spoilt = structuredClone(document) as Spoilt
    delete spoilt.times.awaiting_return
    expect(() => parsePolicy(spoilt)).toThrow(DeadlinePolicyError)
    expect(() => parsePolicy(spoilt)).toThrow(/^deadline policy cn-2026-1: times\.awaiting_return: [^\n]+$/)
    expect(() => parsePolicy(null)).toThrow(/^deadline policy: the document: /)
  })
  test('what was published once has its hash for ever', () => {
    expect(readPolicy(document).policy.hash).toBe('yDMo4vGaOObVt-mIKSgNIbXtHD1RLJ9rhuPPqB88peA')
  })
  test('each of its categories has a name', () => {
    for (const category of document.categories) expect(zhCN.categories[category]).toBeTruthy()
  })
})
