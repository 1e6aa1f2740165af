import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { done, intake, officer, people, shop } from './fixture.ts'
import { newFolder, openFolder } from './node-host.ts'

const bytesOf = (file: string) => (existsSync(file) ? readFileSync(file) : Buffer.alloc(0))

/** A text of its own for each, from a few bytes to several pages. */
const texts = Array.from({ length: 240 }, (_, i) => `秘密${i}：${'这件事不该留下痕迹。'.repeat(1 + (i % 7) ** 3)}`)

test('of an erased text no byte stays in the files', async () => {
  const folder = newFolder()
  const { ledger, sqlite } = await openFolder(folder)
  const ids: number[] = []
  for (const statement of texts) ids.push(done(await people(ledger).submit({ statement })).id)
  const stored = sqlite
    .prepare<[], { texts: string }>("select texts from disclosures where texts like '%statement=%' order by idx")
    .all()
    .map(row => /statement=([^~]*)/.exec(row.texts)?.[1] ?? '')
  const doomed = ids.flatMap((id, i) => (i % 3 === 0 ? [{ id, text: stored[i] ?? '' }] : []))
  for (const { id: complaint } of doomed) {
    const target = { seq: 0, field: 'statement', reason: '应本人要求' }
    done(
      await ledger.execute({
        act: 'redaction-request',
        complaint,
        by: { role: 'buyer', automated: false },
        body: target,
      }),
    )
    done(await ledger.execute({ act: 'redactions', complaint, by: officer(), body: target }))
  }
  const journal = () => bytesOf(join(folder, 'ledger.db-wal'))
  expect(doomed.filter(({ text }) => journal().includes(text.slice(0, 40)))).toEqual([])
  // New rows must not lift old bytes to other pages either.
  for (let i = 0; i < 50; i++) await ledger.execute({ act: 'submit', complaint: null, by: shop, body: intake() })
  sqlite.pragma('wal_checkpoint(TRUNCATE)')
  const files = ['ledger.db', 'ledger.db-wal'].map(name => bytesOf(join(folder, name)))
  // A long text lies in pieces, so look for pieces of it; their start is the salt, and so its own.
  const left = doomed.filter(({ text }) => files.some(bytes => bytes.includes(text.slice(0, 40))))
  expect(left).toEqual([])
  const kept = stored.filter(text => files.some(bytes => bytes.includes(text.slice(0, 40))))
  expect(kept).toHaveLength(texts.length - doomed.length)
  await ledger.close()
})
