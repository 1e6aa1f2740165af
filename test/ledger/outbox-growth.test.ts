import { expect, test } from 'vitest'
import { measureDigests } from '../../bench/outbox.ts'

test('ten times as many due rows make no call into the outbox ten times as long', async () => {
  const few = await measureDigests(4000, 100)
  const many = await measureDigests(40_000, 1000)
  for (const name of ['dueRecipients', 'dueDigest', 'dueMessages']) {
    // One read of all took ten times as long. CPU, since a busy machine takes the processor away; a floor of 5 ms, since its caches are shared.
    expect((many.longestCpu[name] ?? Infinity) / Math.max(few.longestCpu[name] ?? 0, 5), name).toBeLessThan(6)
  }
})
