import { expect, test } from 'vitest'
import { broken, busy, HOUR, type MessageFixture, openMessageFixture, Provider, START } from './support.ts'

const MINUTE = 60_000
const PARTY = 'merchant:m1'

const codesOf = (provider: Provider) => provider.sent.filter(({ text }) => text.includes('验证码'))

/** Whether the scheduler would wake for something that is due now. */
const isWaiting = async ({ ledger, clock }: MessageFixture) => ((await ledger.tick()) ?? Infinity) <= clock.now()

test('race: a number saved while the code before it is handed over gets its own code', async () => {
  let saveAnother: (() => Promise<void>) | null = null
  const provider = new Provider(async ({ text }) => {
    const save = text.includes('验证码') ? saveAnother : null
    if (save) saveAnother = null
    await save?.()
    return { status: 'accepted' }
  })
  const town = await openMessageFixture(provider)
  await town.ledger.outbox.requestContact(PARTY, '13900001111')
  saveAnother = () => town.ledger.outbox.requestContact(PARTY, '13900002222')
  await town.deliver()
  await town.deliver()
  expect(codesOf(provider).map(({ to }) => to)).toEqual(['13900001111', '13900002222'])
})

test('expiry: a code that was never sent is due for fifteen minutes, not for ever', async () => {
  const town = await openMessageFixture()
  while ((await town.deliver()) > 0);
  await town.ledger.outbox.requestContact(PARTY, '13900001111')
  expect(await isWaiting(town)).toBe(true)
  for (const minutes of [16, 120]) {
    town.clock.moveTo(START + minutes * MINUTE)
    await town.deliver()
    expect([await town.ledger.outbox.dueCodes(), await isWaiting(town)]).toEqual([[], false])
  }
})

test('retry: a vendor that takes no code is asked again each minute until the code expires', async () => {
  const provider = new Provider(({ text }) => (text.includes('验证码') ? busy : { status: 'accepted' }))
  const town = await openMessageFixture(provider)
  await town.ledger.outbox.requestContact(PARTY, '13900001111')
  await town.passes(2 * HOUR)
  const tries = codesOf(provider).length
  expect(tries).toBeGreaterThan(1)
  expect(tries).toBeLessThanOrEqual(15)
  expect(await isWaiting(town)).toBe(false)
})

test('a message that cannot be recorded holds up no code', async () => {
  const provider = new Provider()
  const town = await openMessageFixture(provider)
  await town.ledger.outbox.requestContact(PARTY, '13900001111')
  const ledger = broken(town.ledger, { recordDeliveries: () => Promise.reject(new Error('disk')) })
  await expect(town.deliver({ ledger })).rejects.toThrow('did not record')
  expect(codesOf(provider)).toHaveLength(1)
})
