import { setImmediate as turnOfLoop } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { checkLog } from './check-log.ts'
import { done, HOUR, people, unbounded } from './fixture.ts'
import { newFolder, openFolder } from './node-host.ts'

const COMPLAINTS = 400

test('tick: a caller who needs several turns of the event loop comes between the due steps of many complaints', async () => {
  let ahead = 0
  const clock = { now: () => Date.now() + ahead }
  const { ledger, sqlite } = await openFolder(newFolder(), { clock, policy: unbounded })
  const { submit, say } = people(ledger)
  await Promise.all(Array.from({ length: COMPLAINTS }, () => submit()))
  ahead = 49 * HOUR
  const { id } = done(await submit())
  const ticking = ledger.tick()
  // As a page does, whose bytes another thread packs.
  for (let turn = 0; turn < 3; turn++) await turnOfLoop()
  done(await say(id, '在吗？'))
  await ticking
  const kinds: string[] = sqlite
    .prepare(`select cast(bytes as text) ->> 'kind' from leaves order by idx`)
    .pluck()
    .all()
    .map(String)
  const said = kinds.indexOf('message_added')
  expect(kinds.filter(kind => kind === 'deadline_missed')).toHaveLength(COMPLAINTS)
  expect(kinds.slice(said).filter(kind => kind === 'deadline_missed').length).toBeGreaterThan(COMPLAINTS / 4)
  await checkLog(ledger, clock.now())
})
