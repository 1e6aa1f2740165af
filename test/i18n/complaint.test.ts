import { describe, expect, test } from 'vitest'
import type { FieldValue } from '../../src/complaint/step.ts'
import { toComplaintView } from '../../src/complaint/view/complaint-view.ts'
import type { Dictionary, StepView } from '../../src/complaint/view/types.ts'
import type { Reader } from '../../src/complaint/view/visibility.ts'
import {
  LOCALES,
  type Locale,
  OPEN_STATES,
  OUTCOMES,
  REFUSAL_GROUNDS,
  REJECTION_GROUNDS,
  REMEDIES,
  ROLES,
  STEP_KINDS,
  WITHDRAWAL_GROUNDS,
} from '../../src/complaint/words.ts'
import { DICTIONARIES } from '../../src/i18n/languages.ts'
import { stories } from '../complaint/every-kind.ts'
import * as m from '../complaint/moves.ts'
import { type DomainWorld, entriesOf, given, policy, START, silence } from '../complaint/support.ts'
import { faults, textsOf } from '../support/scripts.ts'

const READERS: Reader[] = ['buyer', 'share', 'merchant', 'platform']
const told = Object.values(stories).map(tell => tell())

const views = (world: DomainWorld, dictionary: Dictionary) =>
  READERS.map(reader =>
    toComplaintView({
      id: '0K3F8Q2M7Z',
      entries: entriesOf(world, []),
      reader,
      role: null,
      now: world.now,
      dictionary,
    }),
  )

/** What the parties wrote: theirs to word, in any language. */
const theirs = (value: FieldValue | undefined): string[] => {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' ? Object.values(value).flatMap(theirs) : []
}

const sentence = (step: StepView, dictionary: Dictionary): string =>
  [step.by.name, ...Object.values(step.fields).flatMap(theirs)]
    .filter(text => /\p{Script=Han}/u.test(text))
    .reduce((text, name) => text.replaceAll(name, 'X'), dictionary.describe(step))

describe.each(LOCALES)('%s', locale => {
  const dictionary = DICTIONARIES[locale]
  const right = (text: string) => expect({ text, faults: faults(locale, text) }).toEqual({ text, faults: [] })

  test('names every role, state, kind, remedy, ground, lapse and category', () => {
    expect(dictionary.locale).toBe(locale)
    for (const [, text] of textsOf(dictionary, () => [])) right(text)
    for (const category of policy.categories) expect(dictionary.categories).toHaveProperty(category)
  })

  test('tells every step of every story, to every reader', () => {
    const kinds = new Set<string>()
    for (const step of told.flatMap(world => views(world, dictionary)).flatMap(view => view.steps)) {
      kinds.add(step.kind)
      right(sentence(step, dictionary))
    }
    expect([...kinds].sort()).toEqual([...STEP_KINDS].sort())
  })

  test('tells each step in each of its forms', () => {
    for (const step of forms()) right(dictionary.describe(step))
  })

  test('says different things differently', () => {
    const said = forms().map(step => dictionary.describe(step))
    expect(said.filter((text, i) => said.indexOf(text) !== i)).toEqual([])
  })

  test('says what comes next in every open state', () => {
    const seen = new Set<string>()
    const moves = [m.submitted, m.rejected, m.escalates, m.asksEvidence(), m.supplies(), ...m.returnRuled.slice(3)]
    const { world } = given(...moves.slice(0, 1))
    for (const move of [...moves.slice(1), m.ships, m.fulfils(), m.appeals, silence, silence, silence]) {
      seen.add(world.c.state)
      const { ifActs, ifSilent } = dictionary.next(world.c)
      for (const text of [ifActs, ifSilent]) {
        right(text)
        expect(text).toMatch(/[。.]$/)
        expect(text).not.toMatch(/您|\byou\b/i)
      }
      move(world)
    }
    expect([...seen].sort()).toEqual([...OPEN_STATES].sort())
  })

  test('says no empty next in any story', () => {
    for (const { c } of told) {
      const { ifActs, ifSilent } = dictionary.next(c)
      if (c.holder !== null) for (const text of [ifActs, ifSilent]) right(text)
    }
  })
})

const WRITTEN: Record<Locale, readonly [when: string, midnight: string, sum: string, spans: string[]]> = {
  'zh-CN': [
    '3月2日 10:05',
    '3月2日 24:00',
    '89.00 元',
    ['不到 1 分钟', '1 分钟', '5 小时 59 分钟', '6 小时', '1 天 1 小时', '2 天'],
  ],
  'zh-TW': [
    '3月2日 10:05',
    '3月2日 24:00',
    '人民幣 89.00 元',
    ['不到 1 分鐘', '1 分鐘', '5 小時 59 分鐘', '6 小時', '1 天 1 小時', '2 天'],
  ],
  en: [
    '2 Mar 2026, 10:05',
    '2 Mar 2026, 24:00',
    'CN¥89.00',
    ['under 1 minute', '1 minute', '5 hours 59 minutes', '6 hours', '1 day 1 hour', '2 days'],
  ],
}

test.each(LOCALES)('%s writes instants in Shanghai, money and time', locale => {
  const { when, amount, lasting } = DICTIONARIES[locale]
  const [at, midnight, sum, spans] = WRITTEN[locale]
  expect(when('2026-03-02T02:05:00Z')).toBe(at)
  expect(when('2026-03-02T16:00:00Z')).toBe(midnight)
  expect(amount({ value: '89.00', currency: 'CNY' })).toBe(sum)
  expect(amount({ value: '9.00', currency: 'USD' })).toMatch(/USD/)
  expect(['89.00', null, undefined, {}].map(amount)).toEqual(['', '', '', ''])
  expect([59, 60, 21_599, 21_659, 90_059, 172_800].map(lasting)).toEqual(spans)
})

const at = new Date(START).toISOString()

/** Every word of a closed list, in the step that says it. */
function forms(): StepView[] {
  const sum = { value: '89.00', currency: 'CNY' }
  const of = (
    kind: StepView['kind'],
    fields: StepView['fields'],
    role: StepView['by']['role'] = 'buyer',
  ): StepView => ({
    ...{ seq: 3, at, on: at, kind, fields, signed: null, leaf: '', index: 0 },
    by: { role, name: '', automated: false },
  })
  const people = ROLES.filter(role => role !== 'system')
  return [
    ...policy.categories.map(category => of('submitted', { category })),
    ...REMEDIES.map(kind => of('submitted', { category: 'quality', remedySought: { kind, amount: sum } })),
    ...REJECTION_GROUNDS.map(ground => of('merchant_responded', { answer: 'reject', ground }, 'merchant')),
    ...REMEDIES.map(kind => of('merchant_responded', { answer: 'offer', offer: { kind, by: at, meetsSought: true } })),
    ...REMEDIES.map(kind => of('merchant_responded', { answer: 'offer', offer: { kind, amount: sum } })),
    ...REMEDIES.map(kind => of('offer_refused', { counter: { kind } })),
    ...(['ruled', 'appeal_ruled'] as const).flatMap(ruling => OUTCOMES.map(outcome => of(ruling, { outcome }))),
    ...['merchant', 'platform'].map(owedBy =>
      of('ruled', { outcome: 'partly', remedy: { kind: 'refund', owedBy, amount: sum, by: at } }),
    ),
    ...[true, false].map(granted => of('appeal_ruled', { granted })),
    of('ruled', { enforcement: true, outcome: 'for_merchant' }),
    of('ruled', { enforcement: true, outcome: 'for_buyer', remedy: { kind: 'repair', owedBy: 'merchant', by: at } }),
    ...[0, 1, 2].map(files => of('evidence_supplied', { files })),
    ...['buyer', 'merchant', 'both'].flatMap(from => [
      ...[true, false].map(pauses => of('evidence_requested', { from, pauses })),
      of('evidence_absent', { party: from, due: at }),
    ]),
    ...['buyer', 'merchant', 'platform', 'supervisor'].map(party => of('deadline_missed', { party, due: at })),
    ...people.flatMap(role => [of('message_added', {}, role), of('fulfilled', {}, role)]),
    ...people.map(role => of('deadline_extended', { due: at, firstDue: at }, role)),
    ...[true, false].map(joined => of('appealed', { joined }, 'merchant')),
    ...['buyer', 'merchant'].map(to => of('notice_sent', { to })),
    ...['offer', 'rejection', 'return', 'proof'].map(after => of('lapsed', { after })),
    ...WITHDRAWAL_GROUNDS.map(ground => of('withdrawn', { ground })),
    ...REFUSAL_GROUNDS.map(ground => of('refused', { ground })),
    ...[true, false].flatMap(texts => [true, false].map(files => of('link_shared', { texts, files }))),
    of('key_bound', {}),
    of('key_retired', { until: '2026-03-05T02:00:00.000Z' }),
    ...['author', 'supervisors', 'window_closed'].map(basis => of('redacted', { seq: 0, field: 'text', basis })),
    ...[1, 5].map(score => of('rated', { score })),
  ]
}
