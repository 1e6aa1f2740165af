import { describe, expect, test } from 'vitest'
import { type IncidentNews, incidentsOf, incidentsTouching } from '../../../src/complaint/view/incidents.ts'

const said = (more: Partial<IncidentNews>): IncidentNews => ({
  incident: 'a',
  at: 100,
  what: '停运',
  until: 500,
  ended: false,
  merchants: null,
  categories: null,
  ...more,
})
const complaint = { merchant: 'm1', category: 'quality', openedAt: 200, closedAt: null }
const touches = (rows: IncidentNews[], more: object = {}) =>
  incidentsTouching(incidentsOf(rows), { ...complaint, ...more }).map(({ id }) => id)

describe('an incident touches a complaint', () => {
  test('of everybody, or of its merchant and its category', () => {
    expect(touches([said({})])).toEqual(['a'])
    expect(touches([said({ merchants: ['m1'], categories: ['quality'] })])).toEqual(['a'])
    expect(touches([said({ merchants: ['m2'] })])).toEqual([])
    expect(touches([said({ categories: ['service'] })])).toEqual([])
  })

  test('that was open while it lasted', () => {
    expect(touches([said({}), said({ at: 150, ended: true })])).toEqual([])
    expect(touches([said({}), said({ at: 250, ended: true })])).toEqual(['a'])
    expect(touches([said({ at: 300 })], { closedAt: 300 })).toEqual([])
    expect(touches([said({ at: 299 })], { closedAt: 300 })).toEqual(['a'])
  })

  test('with its history in order, and whom it touches as it was first said', () => {
    const rows = [said({ merchants: ['m1'] }), said({ incident: 'b', at: 110 }), said({ at: 120, merchants: null })]
    const [a, b] = incidentsOf(rows)
    expect([a?.news.map(({ at }) => at), b?.news.map(({ at }) => at)]).toEqual([[100, 120], [110]])
    expect(touches(rows, { merchant: 'm2' })).toEqual(['b'])
  })
})
