import { expect, test } from 'vitest'
import { openNodeHost } from '../../src/hosts/node/sqlite.ts'
import { LogWriter } from '../../src/ledger/log/log-writer.ts'
import { tileReader } from '../../src/ledger/log/published-log.ts'
import { openStore } from '../../src/ledger/storage/queries.ts'
import { openWrites } from '../../src/ledger/storage/write-statements.ts'
import { rootAt } from '../../src/log/tiles.ts'
import { newFolder } from './node-host.ts'

const leaf = (seq: number) => ({
  c: null,
  seq,
  prev: null,
  at: 1,
  on: 1,
  kind: 'message_added',
  by: 'buyer',
  auto: false,
  who: null,
  state: null,
  holder: null,
  due: null,
  rule: null,
  policy: null,
  p: {},
})

test('a frontier rebuilt from stored tiles is the one that grew, up to three levels', () => {
  const host = openNodeHost(newFolder())
  const store = openStore(host.db)
  const open = () => new LogWriter(store, openWrites(host), { now: () => 1 }, 0)
  let writer = open()
  for (const size of [1, 255, 256, 257, 65_535, 65_536, 65_537, 66_000]) {
    host.transaction(() => {
      while (writer.frontier.size < size) writer.append(leaf(writer.frontier.size))
    })
    const rebuilt = open()
    expect(rebuilt.frontier.size).toBe(size)
    expect(rebuilt.frontier.root()).toEqual(writer.frontier.root())
    expect(rootAt(size, tileReader(store, rebuilt))).toEqual(writer.frontier.root())
    writer = rebuilt
  }
  host.close()
})
