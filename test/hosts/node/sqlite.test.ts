import { expect, test } from 'vitest'
import { NewerSchema, openNodeHost } from '../../../src/hosts/node/sqlite.ts'
import { newFolder } from '../../ledger/node-host.ts'

test('downgrade: a database that a newer version wrote is refused, and left as it is', () => {
  const folder = newFolder()
  const first = openNodeHost(folder)
  first.sqlite
    .prepare("insert into __drizzle_migrations (hash, created_at) values ('of tomorrow', 99999999999999)")
    .run()
  first.close()
  expect(() => openNodeHost(folder)).toThrow(NewerSchema)
  // The lock was given back: the newer version can open it.
  expect(() => openNodeHost(folder)).toThrow('newer version of Tousu')
})
