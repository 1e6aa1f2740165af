import { addToTally, effectsOf, emptyTally } from '../../complaint/deadlines/other-policy.ts'
import { type Policy, policyFaults } from '../../complaint/deadlines/policy.ts'
import { HOUR } from '../../complaint/time.ts'
import type { DeskPage } from '../../views/desk/context.ts'
import { settingsPage, trialPage, trialProgress, trialResult } from '../../views/desk/settings.ts'
import { stories } from './stories.ts'
import { policyWith, START } from './story.ts'

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

export const settingsSpecimen = (page: DeskPage): string => String(settingsPage(SETTINGS, page))

export const settingsFaults = (page: DeskPage): string => {
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
export const policyTrial = (page: DeskPage): string => {
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
