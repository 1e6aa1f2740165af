import { safeParse } from 'valibot'
import { describe, expect, test } from 'vitest'
import document from '../../db/policies/cn-2026-1.json' with { type: 'json' }
import { zhCN } from '../../src/complaint/i18n/zh-cn.ts'
import { PolicySchema } from '../../src/complaint/policy.ts'

// biome-ignore lint/suspicious/noExplicitAny: a document to be spoilt.
type Spoilt = any
const problems = (spoil: (policy: Spoilt) => void): string[] => {
  const policy = structuredClone(document)
  spoil(policy)
  const { issues = [] } = safeParse(PolicySchema, policy)
  return issues.map(issue => (issue.path ?? []).map(({ key }) => key).join('.'))
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
    ['no categories', p => Object.assign(p, { categories: [] }), 'categories'],
    ['another version', p => Object.assign(p, { v: 2 }), 'v'],
  ])('%s is refused, with its place', (_name, spoil, path) => {
    expect(problems(spoil)).toEqual([path])
  })
  test('each of its categories has a name', () => {
    for (const category of document.categories) expect(zhCN.categories[category]).toBeTruthy()
  })
})
