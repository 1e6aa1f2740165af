import { expect } from 'vitest'
import type { PhoneMessage } from '../../src/notify/sms/demo-phone.ts'
import { HOUR } from './server.ts'

/** Where the digests go in this story. */
export const NUMBERS = { 'merchant:m1': '12000000001', platform: '12000000002', supervisor: '12000000003' }
export const BUYER = '13912348765'

/** What the story needs of a host: a clock to move, phones to look at, and the timeline. Nobody calls anything else. */
interface Stage {
  moveTo(instant: number): Promise<void>
  messages(): Promise<PhoneMessage[]>
  /** Kinds of the steps with the instants at which they took effect. */
  steps(): Promise<{ kind: string; on: number; at: number }[]>
}

/** From Monday ten o'clock in Shanghai, in hours: to which phone, and which message. */
const SCRIPT: readonly [hours: number, to: string, template: string][] = [
  [0, BUYER, 'submitted'],
  // Half of two days is over at ten on Tuesday, four fifths at midnight: at four, and at nine.
  [30, NUMBERS['merchant:m1'], 'digest.merchant'],
  [47, NUMBERS['merchant:m1'], 'digest.merchant'],
  [48, BUYER, 'deadline_missed.merchant'],
  // The platform's three days, until Saturday at ten.
  [95, NUMBERS.platform, 'digest.platform'],
  [119, NUMBERS.platform, 'digest.platform'],
  [120, BUYER, 'deadline_missed.platform'],
  // The supervisor's day.
  [143, NUMBERS.supervisor, 'digest.supervisor'],
  [144, BUYER, 'deadline_missed.supervisor'],
]

/** A merchant is silent, then the platform, then its supervisor; each message comes by itself at its own time. */
export const playSilence = async (stage: Stage, start: number): Promise<void> => {
  for (const [i, [hours]] of SCRIPT.entries()) {
    await stage.moveTo(start + hours * HOUR)
    const soFar = SCRIPT.slice(0, i + 1).map(([, to, template]) => `${template} → ${to}`)
    const seen = async () => (await stage.messages()).map(({ to, template }) => `${template} → ${to}`)
    await expect.poll(seen, { timeout: 15_000 }).toEqual(soFar)
  }
  const misses = (await stage.steps()).filter(({ kind }) => kind === 'deadline_missed')
  expect(misses.map(({ on }) => on)).toEqual([48, 120, 144].map(hours => start + hours * HOUR))
  for (const { on, at } of misses) expect(at - on).toBeLessThan(15_000)
}
