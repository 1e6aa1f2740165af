import { expect } from 'vitest'
import type { Session } from '../../../src/ledger/contract/registry.ts'
import type { Story } from '../fixture.ts'
import { buyer, HOUR, type LedgerFixture, MINUTE, START } from '../fixture.ts'

const li: Session = {
  subject: 'https://id.example/ 42',
  role: 'merchant',
  merchant: 'm1',
  name: '李娜',
  createdAt: START,
  expiresAt: START + HOUR,
}
const zhao: Session = { ...li, subject: 'https://id.example/ 7', role: 'supervisor', merchant: undefined, name: 'S1' }

const whose = async (world: LedgerFixture, cookie: string) =>
  (await world.ledger.registry.session(cookie, world.now))?.name ?? null

const tryCode = ({ ledger }: LedgerFixture, code = 'code 1') => ledger.registry.recordAttempt(code, 5, 15 * MINUTE)
const triesOf = async (world: LedgerFixture, count: number, code?: string) => {
  const tries: boolean[] = []
  for (let i = 0; i < count; i++) tries.push(await tryCode(world, code))
  return tries
}
const FIVE = [true, true, true, true, true]

const rowsOf = async (world: LedgerFixture, table: string) =>
  Number((await world.sql(`select count(*) n from ${table}`))[0]?.n)

export const registry = (story: Story): void => {
  story(
    'a merchant has a home shard for good, others in order behind it, also over a restart, and a shard knows whose it is',
    async world => {
      const { ledger } = world
      expect(await ledger.registry.shardsOf('m1')).toEqual([])
      expect(await ledger.registry.addShard('m1', 3)).toEqual([3])
      expect(await ledger.registry.addShard('m1', 3)).toEqual([3])
      // Once its home is closed for new complaints.
      expect(await ledger.registry.addShard('m1', 5)).toEqual([3, 5])
      expect(await ledger.registry.addShard('m1', 0)).toEqual([3, 5, 0])
      await world.restart()
      expect(await world.ledger.registry.shardsOf('m1')).toEqual([3, 5, 0])
      expect(await world.ledger.registry.addShard('m1', 5)).toEqual([3, 5, 0])
      expect(await world.ledger.holds('m1')).toBe(false)
      const id = await world.submit()
      expect(await world.ledger.holds('m1')).toBe(true)
      await world.does('withdrawal', buyer, id, { ground: 'other', reason: '' })
      expect(await world.ledger.holds('m1')).toBe(true)
      await world.ledger.webhooks.add('m2', 'https://m2.example.com/hook')
      expect([await world.ledger.holds('m2'), await world.ledger.holds('m3')]).toEqual([true, false])
    },
  )

  story('API keys are known by their hash, and stay whose they were', async world => {
    const { registry } = world.ledger
    await registry.addCredential('hash-1', { role: 'merchant', merchant: 'm1', name: '小店' })
    await registry.addCredential('hash-2', { role: 'platform', name: '平台' })
    await registry.addCredential('hash-1', { role: 'platform', name: '冒充' })
    expect(await registry.credential('hash-1')).toEqual({ role: 'merchant', merchant: 'm1', name: '小店' })
    expect(await registry.credential('hash-2')).toEqual({ role: 'platform', name: '平台' })
    expect(await registry.credential('hash-3')).toBeNull()
  })

  story('a merchant sees its own keys, oldest first', async world => {
    const { registry } = world.ledger
    await registry.addCredential('hash-b', { role: 'merchant', merchant: 'm1', name: 'ERP' })
    await world.later(HOUR)
    await registry.addCredential('hash-a', { role: 'merchant', merchant: 'm1', name: '打印机' })
    await registry.addCredential('hash-c', { role: 'merchant', merchant: 'm2', name: '别家' })
    await registry.addCredential('hash-d', { role: 'platform', name: '平台' })
    expect(await registry.keys('m1')).toEqual([
      { id: 'hash-b', name: 'ERP', createdAt: START },
      { id: 'hash-a', name: '打印机', createdAt: START + HOUR },
    ])
    expect(await registry.keys('m3')).toEqual([])
  })

  story('a revoked key opens nothing, and nobody brings it back or revokes another’s', async world => {
    const { registry } = world.ledger
    const own = { role: 'merchant', merchant: 'm1', name: 'ERP' } as const
    await registry.addCredential('hash-1', own)
    await registry.addCredential('hash-2', { ...own, merchant: 'm2' })
    await registry.addCredential('hash-3', { role: 'platform', name: '平台' })
    for (const id of ['hash-2', 'hash-3', 'hash-4']) expect(await registry.revokeKey('m1', id)).toBe(false)
    expect(await registry.revokeKey('m1', 'hash-1')).toBe(true)
    expect(await registry.revokeKey('m1', 'hash-1')).toBe(false)
    await registry.addCredential('hash-1', own)
    await world.restart()
    const known = ['hash-1', 'hash-2', 'hash-3'].map(hash => world.ledger.registry.credential(hash))
    expect(await Promise.all(known)).toEqual([null, expect.anything(), expect.anything()])
    expect(await world.ledger.registry.keys('m1')).toEqual([])
  })

  story('a session lasts until it expires, and over a restart', async world => {
    await world.ledger.registry.openSession('cookie-1', li)
    await world.ledger.registry.openSession('cookie-2', zhao)
    await world.restart()
    expect(await world.ledger.registry.session('cookie-1', world.now)).toEqual(li)
    expect(await world.ledger.registry.session('cookie-2', world.now)).toStrictEqual(without(zhao, 'merchant'))
    await world.later(HOUR - 1)
    expect(await whose(world, 'cookie-1')).toBe('李娜')
    await world.later(1)
    expect(await whose(world, 'cookie-1')).toBeNull()
    expect(await whose(world, 'cookie-3')).toBeNull()
  })

  story('a session ends at once: one alone, or all of a person', async world => {
    const { registry } = world.ledger
    for (const cookie of ['cookie-1', 'cookie-2', 'cookie-3']) await registry.openSession(cookie, li)
    await registry.openSession('cookie-4', zhao)
    await registry.endSession('cookie-1')
    expect([await whose(world, 'cookie-1'), await whose(world, 'cookie-2')]).toEqual([null, '李娜'])
    await registry.endSessionsOf(li.subject)
    expect([await whose(world, 'cookie-2'), await whose(world, 'cookie-3')]).toEqual([null, null])
    expect(await whose(world, 'cookie-4')).toBe('S1')
    await registry.endSession('nobody')
    await registry.endSessionsOf('nobody')
  })

  story('five tries lock, until the time after the last has passed', async world => {
    expect(await triesOf(world, 3)).toEqual(FIVE.slice(2))
    await world.later(10 * MINUTE)
    expect(await triesOf(world, 3)).toEqual([true, true, false])
    await world.later(15 * MINUTE - 1)
    // A try that is refused does not make it longer.
    expect(await tryCode(world)).toBe(false)
    await world.later(1)
    expect(await triesOf(world, 6)).toEqual([...FIVE, false])
  })

  story('of many tries at once five get through, and each code has its own', async world => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => tryCode(world)))
    expect(answers.filter(Boolean)).toHaveLength(5)
    expect(await tryCode(world, 'code 2')).toBe(true)
  })

  story('a right one takes the earlier tries back, its own alone', async world => {
    await triesOf(world, 5)
    await triesOf(world, 5, 'code 2')
    await world.ledger.registry.clearAttempts('code 1')
    expect(await triesOf(world, 6)).toEqual([...FIVE, false])
    expect(await tryCode(world, 'code 2')).toBe(false)
  })

  story('a lock holds over a restart', async world => {
    await triesOf(world, 5)
    await world.restart()
    expect(await tryCode(world)).toBe(false)
  })

  story('neither what was tried nor what has ended stays in the tables', async world => {
    await world.ledger.registry.openSession('cookie-1', li)
    await triesOf(world, 1, 'code 8Q2M7Z0K')
    await triesOf(world, 1, 'phone 13800001234')
    expect(JSON.stringify(await world.sql('select * from tries'))).not.toMatch(/8Q2M7Z0K|13800001234/)
    await world.later(2 * HOUR)
    await triesOf(world, 1, 'code 2')
    expect([await rowsOf(world, 'sessions'), await rowsOf(world, 'tries')]).toEqual([0, 1])
  })

  story('a number becomes a contact once its code came back, in time, and nothing goes there before', async world => {
    const { outbox } = world.ledger
    await outbox.requestContact('merchant:m1', '13900001111')
    expect([await outbox.contact('merchant:m1'), await outbox.pendingContact('merchant:m1')]).toEqual([
      null,
      '13900001111',
    ])
    const [first] = await outbox.dueCodes()
    expect(first).toEqual({
      party: 'merchant:m1',
      phone: '13900001111',
      code: expect.stringMatching(/^\d{6}$/),
      key: expect.stringMatching(/^code:/),
    })
    await outbox.recordCode(first!.key, world.now + MINUTE)
    expect(await outbox.dueCodes()).toEqual([])
    await world.later(MINUTE)
    expect(await outbox.dueCodes()).toEqual([first])
    await outbox.recordCode(first!.key, null)
    expect(await outbox.dueCodes()).toEqual([])
    const wrong = first?.code === '000000' ? '111111' : '000000'
    expect(await outbox.confirmContact('merchant:m1', wrong)).toBe(false)
    await world.restart()
    expect(await world.ledger.outbox.confirmContact('merchant:m1', first!.code)).toBe(true)
    expect(await world.ledger.outbox.contact('merchant:m1')).toBe('13900001111')
    // Another number waits for another code, and the old one stays meanwhile; neither is in the database.
    await world.ledger.outbox.requestContact('merchant:m1', '13900002222')
    const [second] = await world.ledger.outbox.dueCodes()
    expect(await world.ledger.outbox.confirmContact('merchant:m1', first!.code)).toBe(first?.code === second?.code)
    expect(JSON.stringify(await world.sql('select * from contact_codes'))).not.toContain(second!.code)
    await world.later(15 * MINUTE)
    expect(await world.ledger.outbox.confirmContact('merchant:m1', second!.code)).toBe(false)
    expect(await world.ledger.outbox.contact('merchant:m1')).toBe('13900001111')
    await world.ledger.outbox.setContact('merchant:m1', null)
    expect(await world.ledger.outbox.pendingContact('merchant:m1')).toBeNull()
  })

  story('contacts are set, changed and taken away', async world => {
    const { ledger } = world
    expect(await ledger.outbox.contact('merchant:m1')).toBeNull()
    await ledger.outbox.setContact('merchant:m1', '13900001111')
    await ledger.outbox.setContact('platform', '13900002222')
    await ledger.outbox.setContact('merchant:m1', '13900003333')
    await world.restart()
    expect(await world.ledger.outbox.contact('merchant:m1')).toBe('13900003333')
    await world.ledger.outbox.setContact('merchant:m1', null)
    await world.ledger.outbox.setContact('merchant:m9', null)
    expect(await world.ledger.outbox.contact('merchant:m1')).toBeNull()
    expect(await world.ledger.outbox.contact('platform')).toBe('13900002222')
  })
}

const without = <T extends object, K extends keyof T>(of: T, name: K): Omit<T, K> => {
  const { [name]: _, ...rest } = of
  return rest
}
