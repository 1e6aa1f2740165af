import { describe, expect, test } from 'vitest'
import { nextDueAt } from '../../src/complaint/deadlines/due-steps.ts'
import { noticesFor } from '../../src/complaint/deadlines/notices.ts'
import { toComplaintView } from '../../src/complaint/view/complaint-view.ts'
import { en } from '../../src/i18n/en/complaint.ts'
import * as m from './moves.ts'
import { boss, DAY, desk, entriesOf, given, later, merchant, newestPolicy, START, silence } from './support.ts'

const filed = m.submits({ policy: newestPolicy })
const five = 5 * DAY

describe('a statement from outside', () => {
  test('merchant or platform asks; the holder and their clock stay', () => {
    const before = given(filed).world.c
    const { world } = given(filed, m.asksOutside('courier'))
    expect(world.c).toMatchObject({ holder: 'merchant', due: before.due, state: 'awaiting_merchant' })
    expect(world.c.statements).toEqual([{ of: 1, party: 'courier', due: START + five }])
    expect(world.steps.at(-1)).toMatchObject({
      kind: 'statement_requested',
      p: { party: 'courier', due: START + five },
    })
    given(filed, m.asksOutside('regulator', desk), m.asksOutside('supplier', boss))
  })

  test('the answer is a step of the third party, dated, of the step that asked', () => {
    const { world } = given(filed, m.asksOutside(), m.asksOutside('supplier'), later('20h'), m.states(2))
    const step = world.steps.at(-1)!
    expect(step).toMatchObject({
      kind: 'statement_given',
      by: 'third_party',
      p: { party: 'supplier', of: 2, files: 0 },
      content: { text: '放在门口，没有签收' },
    })
    expect(world.c.statements.map(({ party }) => party)).toEqual(['courier'])
    expect(noticesFor(step, world.c, world.c)).toMatchObject([{ party: 'buyer', template: 'statement_given' }])
  })

  test('silence is a step at its instant, in the order of all instants', () => {
    const { steps } = given(filed, m.asksOutside(), later('30d')).world
    const clock = steps.filter(({ by }) => by === 'system')
    expect(clock.map(({ on }) => on)).toEqual(clock.map(({ on }) => on).toSorted((a, b) => a - b))
    expect(clock.find(({ kind }) => kind === 'statement_absent')).toMatchObject({
      on: START + five,
      p: { party: 'courier', of: 1, due: START + five },
    })
  })

  test('two that fall due at one instant are told one after the other', () => {
    const { steps, c } = given(filed, m.asksOutside(), m.asksOutside('supplier'), later('30d')).world
    expect(steps.filter(({ kind }) => kind === 'statement_absent').map(({ p }) => 'of' in p && p.of)).toEqual([1, 2])
    expect(c.statements).toEqual([])
  })

  test('refused: after its time, twice, to a step that asked nothing, and after the end', () => {
    given(filed, m.asksOutside(), later('5d')).when(m.states(1)).refused('no_statement')
    given(filed, m.asksOutside(), m.states(1)).when(m.states(1)).refused('no_statement')
    given(filed, m.asksOutside(), m.asksOutside()).when(m.states(0)).refused('no_statement')
    given(filed, m.asksOutside(), m.confirms).when(m.states(1)).refused('no_statement')
    given(filed, m.asksOutside(), m.confirms, m.reopens).when(m.states(1)).refused('no_statement')
  })

  test('up to its last millisecond it is taken', () => {
    given(filed, m.asksOutside(), w => {
      w.now = START + five - 1
    })
      .when(m.states(1))
      .then('platform_review', { step: 'statement_given' })
  })

  test('each side asks as often as the policy says, and neither uses up the other’s', () => {
    const three = [filed, m.asksOutside(), m.states(), m.asksOutside(), m.asksOutside()]
    given(...three)
      .when(m.asksOutside())
      .refused('statement_limit')
    given(...three, m.asksOutside('courier', desk), m.asksOutside('courier', boss), m.asksOutside('courier', desk))
      .when(m.asksOutside('courier', boss))
      .refused('statement_limit')
  })

  test('an old document knows none, and a closed complaint asks for none', () => {
    given(m.submitted).when(m.asksOutside()).refused('wrong_state')
    given(filed, m.confirms).when(m.asksOutside()).refused('closed')
  })

  test('an end calls it off: no clock runs on', () => {
    const { c } = given(filed, m.asksOutside(), m.confirms).world
    expect(c.statements).toEqual([])
    expect(nextDueAt(c)).toBeNull()
  })

  test('also where a supervisor missed the last deadline its silence is told', () => {
    const { world } = given(filed, silence, silence, silence, m.asksOutside('regulator', boss), later('5d'))
    expect(world.steps.at(-1)).toMatchObject({ kind: 'statement_absent', p: { party: 'regulator' } })
    expect(world.c.holder).toBe('supervisor')
  })

  test('pages name who spoke', () => {
    const world = given(filed, m.asksOutside('courier', merchant), m.states()).world
    const view = toComplaintView({
      id: 'X',
      entries: entriesOf(world),
      reader: 'buyer',
      role: 'buyer',
      now: world.now,
      dictionary: en,
    })
    expect(view.steps[2]?.by).toEqual({ role: 'third_party', name: 'Courier', automated: false })
    expect(view.steps.map(step => en.describe(step)).slice(1)).toEqual([
      'The seller asked the courier for a statement by 7 Mar 2026, 10:00. Who must act, and by when, stays the same',
      'The courier gave a statement (to step 2)',
    ])
  })
})
