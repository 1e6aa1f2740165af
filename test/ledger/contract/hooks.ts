import { expect } from 'vitest'
import type { DueWebhook, WebhookResult } from '../../../src/ledger/contract/outbox.ts'
import type { Story } from '../fixture.ts'
import { DAY, intake, type LedgerFixture, MINUTE, merchant, rejection, START, shop } from '../fixture.ts'

const URL = 'https://erp.example.com/hooks'

let endpoints = 0
const listening = async (world: LedgerFixture, of = 'm1') => {
  const hook = await world.ledger.webhooks.add(of, `${URL}/${endpoints++}`)
  if (!hook) throw new Error('no endpoint')
  return hook
}
const due = (world: LedgerFixture): Promise<DueWebhook[]> => world.ledger.webhooks.due(100)
const settle = async (world: LedgerFixture, result: WebhookResult) => {
  for (const each of await due(world)) await world.ledger.webhooks.recordResult(each.id, result)
}
const delivered: WebhookResult = { outcome: 'delivered', answer: '204' }

export const hooks = (story: Story): void => {
  story('each step of a merchant is an event for each of its endpoints, and of nobody else’s', async world => {
    const [first, second] = [await listening(world), await listening(world)]
    await listening(world, 'm2')
    const id = await world.submit()
    await world.does('responses', merchant(), id, rejection)
    expect((await due(world)).map(({ hook, complaint, seq }) => [hook.id, complaint, seq]).sort()).toEqual(
      [first, second].flatMap(hook => [0, 1].map(seq => [hook.id, id, seq])).sort(),
    )
    expect(first).toMatchObject({ merchant: 'm1', generation: 1, rotatedAt: null, disabledAt: null })
  })

  story('endpoints are listed in the order in which they came, also within one millisecond', async world => {
    const added = await Promise.all(Array.from({ length: 8 }, () => listening(world)))
    expect((await world.ledger.webhooks.list('m1')).map(({ id }) => id)).toEqual(added.map(({ id }) => id))
  })

  story(
    "another shard's endpoints are taken with their ids, addresses and secrets; what was disabled here stays so",
    async world => {
      const { webhooks } = world.ledger
      const [own, gone] = [await listening(world), await listening(world)]
      await world.submit()
      for (const each of await due(world))
        if (each.hook.id === own.id) await webhooks.recordResult(each.id, { outcome: 'disabled', answer: '410' })
      const came = { ...own, id: 'another-shard', url: `${URL}/came`, generation: 4, rotatedAt: 7 }
      await webhooks.copy('m1', [{ ...own, generation: 2, rotatedAt: 5 }, came])
      for (const again of [0, 1]) {
        const list = await webhooks.list('m1')
        expect([again, list.map(({ id, url, generation, rotatedAt }) => ({ id, url, generation, rotatedAt }))]).toEqual(
          [
            again,
            [
              { id: own.id, url: own.url, generation: 2, rotatedAt: 5 },
              { id: came.id, url: came.url, generation: 4, rotatedAt: 7 },
            ],
          ],
        )
        expect(list.map(({ status }) => status)).toEqual(['disabled', 'untried'])
        await webhooks.copy('m1', list)
      }
      expect(await webhooks.deliveries('m1', gone.id, 10)).toEqual([])
      await world.submit({ orderId: 'AFTER-IT-CAME' })
      expect((await due(world)).map(({ hook }) => hook.id)).toEqual([came.id])
    },
  )

  story('an endpoint and a step that come in the same moment know of each other', async world => {
    await world.submit({ orderId: 'BEFORE' })
    const [hook] = await Promise.all([listening(world), world.submit({ orderId: 'BESIDE' })])
    expect(await due(world)).toMatchObject([{ hook: { id: hook.id } }])
    await Promise.all([world.ledger.webhooks.remove('m1', hook.id), world.submit({ orderId: 'AFTER' })])
    await listening(world)
    expect(await due(world)).toEqual([])
  })

  story('a refused order makes no event, and a silence does', async world => {
    await listening(world)
    const id = await world.submit({ orderId: 'ONE' })
    expect(await world.order('submit', shop, null, intake({ orderId: 'ONE' }))).toEqual({ refused: 'already_open' })
    await settle(world, delivered)
    expect(await due(world)).toEqual([])
    await world.later(3 * DAY)
    await world.ledger.tick()
    expect((await due(world)).map(({ complaint, seq }) => [complaint, seq])).toEqual([[id, 1]])
  })

  story('what fails comes again at its time, and is seen by its merchant alone', async world => {
    const hook = await listening(world)
    await world.submit()
    expect(await world.ledger.tick()).toBe(START)
    await settle(world, { outcome: 'retry', answer: '500', retryAt: START + MINUTE })
    expect(await due(world)).toEqual([])
    const seen = await world.ledger.webhooks.deliveries('m1', hook.id, 10)
    expect(seen).toMatchObject([{ seq: 0, attempts: 1, outcome: null, answer: '500', nextAt: START + MINUTE }])
    expect(await world.ledger.webhooks.deliveries('m2', hook.id, 10)).toEqual([])
    await world.later(MINUTE)
    await settle(world, { outcome: 'failed', answer: 'timeout' })
    expect(await due(world)).toEqual([])
    const resend = (of: string) => world.ledger.webhooks.resend(of, hook.id, seen[0]?.id ?? 0)
    expect([await resend('m2'), await resend('m1')]).toEqual([false, true])
    expect(await due(world)).toMatchObject([{ attempts: 0 }])
  })

  story('an endpoint that is gone gets nothing more until its merchant says so', async world => {
    const hook = await listening(world)
    await world.submit()
    await settle(world, { outcome: 'disabled', answer: '410' })
    await world.submit()
    expect(await due(world)).toEqual([])
    expect(await world.ledger.webhooks.list('m1')).toMatchObject([{ disabledAt: START, disabledWhy: '410' }])
    expect(await world.ledger.webhooks.enable('m2', hook.id)).toBe(false)
    expect(await world.ledger.webhooks.enable('m1', hook.id)).toBe(true)
    await world.submit()
    // The one that was due then, and the one of now.
    expect(await due(world)).toHaveLength(2)
  })

  story('secrets change and endpoints go, at their merchant’s word alone', async world => {
    const hook = await listening(world)
    const { ledger } = world
    expect([await ledger.webhooks.rotate('m2', hook.id), await ledger.webhooks.remove('m2', hook.id)]).toEqual([
      false,
      false,
    ])
    await world.later(MINUTE)
    expect(await ledger.webhooks.rotate('m1', hook.id)).toBe(true)
    expect(await ledger.webhooks.list('m1')).toMatchObject([{ generation: 2, rotatedAt: START + MINUTE }])
    await world.submit()
    expect(await ledger.webhooks.remove('m1', hook.id)).toBe(true)
    expect([await due(world), await ledger.webhooks.list('m1')]).toEqual([[], []])
    await world.submit()
    expect(await due(world)).toEqual([])
  })

  story('ten endpoints and no more, and each address once', async world => {
    for (let i = 0; i < 10; i++) await listening(world)
    expect(await world.ledger.webhooks.add('m1', URL)).toBeNull()
    const [known] = await world.ledger.webhooks.list('m1')
    expect(known).toMatchObject((await world.ledger.webhooks.add('m1', known?.url ?? '')) ?? {})
  })

  story('events and endpoints outlive the process', async world => {
    await listening(world)
    await world.submit()
    await world.restart()
    await world.submit()
    expect(await due(world)).toHaveLength(2)
  })
}
