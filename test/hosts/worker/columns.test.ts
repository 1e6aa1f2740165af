import { env } from 'cloudflare:test'
import { expect, test } from 'vitest'
import { LedgerFixture } from '../../ledger/fixture.ts'
import { openOnEdge } from './edge-host.ts'
import { filed, front } from './front.ts'

const TYPES: Record<string, string> = { INTEGER: 'integer', TEXT: 'text', BLOB: 'blob', '': 'any' }

/** Storage binds a boolean as text, where better-sqlite3 refuses it. */
test('every value is of the type its column says', async () => {
  const world = await LedgerFixture.open(openOnEdge)
  const id = await world.submit()
  await world.sendAll()
  await world.does('link-rotation', { role: 'platform', automated: false, person: 'A1' }, id, { reason: 'lost' })
  await world.sendAll()
  await world.does('human-request', { role: 'buyer', automated: false }, id, {})
  const { registry } = world.ledger
  await registry.addCredential('hash', { role: 'merchant', merchant: 'm1', name: '小店' })
  const expiresAt = world.now + 1000
  await registry.openSession('hash', { subject: 's', role: 'platform', name: 'A1', createdAt: world.now, expiresAt })
  await registry.recordAttempt('code', 5, 1000)
  await world.ledger.outbox.setContact('merchant:m1', '13900001111')
  await world.ledger.statement(id)
  const tables = await world.sql("select name from sqlite_master where type = 'table' and name not like '%drizzle%'")
  let looked = 0
  for (const { name } of tables) {
    const columns = await world.sql(`select name as "column", upper(type) as type from pragma_table_info('${name}')`)
    for (const { column, type } of columns) {
      const found = await world.sql(`select distinct typeof("${column}") as stored from "${name}"`)
      for (const { stored } of found) {
        looked++
        expect([name, column, stored === 'null' ? TYPES[String(type)] : stored]).toEqual([
          name,
          column,
          TYPES[String(type)],
        ])
      }
    }
  }
  expect(looked).toBeGreaterThan(60)
})

test('bytes come back as bytes, and no larger than they were', async () => {
  await filed(front())
  const shard = env.LIVE.get(env.LIVE.idFromName('0'))
  const tile = (await shard.invoke('log', 'tile', [0, 0, 2])) as Uint8Array
  expect(tile).toBeInstanceOf(Uint8Array)
  expect([tile?.length, tile?.buffer.byteLength]).toEqual([64, 64])
})
