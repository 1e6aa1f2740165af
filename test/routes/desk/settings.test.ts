import { expect, test } from 'vitest'
import document from '../../../db/policies/cn-2026-3.json' with { type: 'json' }
import { policyNames } from '../../../db/policies/index.ts'
import manifest from '../../../package.json' with { type: 'json' }
import { VERSION } from '../../../src/hosts/create-deps.ts'
import { parseId } from '../../../src/link/id.ts'
import { registryLedger } from '../../../src/routes/deps.ts'
import { signIn } from '../../support/people.ts'
import { useServer } from '../../support/server.ts'

const house = useServer()
const PAGE = '/desk/settings'
const basis = { basis: 'default', source: 'a test' }
const other = {
  ...document,
  name: 'ours-1',
  desks: ['家电组'],
  times: { ...document.times, awaiting_merchant: { hours: 24, ...basis } },
}

test('a supervisor reads what is set: policy, log, version; no secret, and an officer nothing', async () => {
  const page = await (await signIn(house, 'supervisor')).get(PAGE)
  expect(page.status).toBe(200)
  const { origin, verifierKey } = await registryLedger(house.door.deps).log.identity()
  const policy = house.door.deps.operator?.policy
  for (const text of [policy?.name, policy?.hash, origin, verifierKey, VERSION, ...policyNames])
    expect(page.text.replaceAll('&#43;', '+')).toContain(text)
  expect((await (await signIn(house, 'platform')).get(PAGE)).status).toBe(403)
  expect(manifest.version).toBe(VERSION)
})

test('a document is tried over the open complaints: who would be late is counted, linked and not touched', async () => {
  const { id } = await house.submit()
  const supervisor = await signIn(house, 'supervisor')
  const before = await registryLedger(house.door.deps).read(parseId(id) ?? 0)
  const tried = await supervisor.post(PAGE, { shipped: '', document: JSON.stringify(other) })
  expect(tried.status).toBe(200)
  expect(tried.headers.get('content-type')).toContain('text/html')
  const [, result = ''] = tried.text.split('class="result"')
  expect(tried.text).toContain('<progress max="')
  expect(result).toContain('期限更早')
  expect(result).toContain(`/desk/complaints/${id}`)
  expect(tried.text.trimEnd().endsWith('</html>')).toBe(true)
  expect(await registryLedger(house.door.deps).read(parseId(id) ?? 0)).toEqual(before)
  const same = await supervisor.post(PAGE, {
    shipped: house.door.deps.operator?.policy.name ?? '',
    document: 'ignored',
  })
  expect(same.text).toContain('这就是现行的规则')
})

test('all that is wrong with a document is said at once, and what was typed comes back', async () => {
  const supervisor = await signIn(house, 'supervisor')
  const { caps: _, ...rest } = other
  const typed = JSON.stringify({ ...rest, colour: 1, times: { ...other.times, supervisor: { hours: 0, ...basis } } })
  const wrong = await supervisor.post(PAGE, { document: typed })
  expect(wrong.status).toBe(422)
  for (const place of ['caps', 'colour', 'times.supervisor.hours'])
    expect(wrong.text).toContain(`<code>${place}</code>`)
  expect(wrong.text).toContain('&quot;colour&quot;:1')
  expect(wrong.text).not.toContain('class="result"')
  for (const [text, said] of [
    ['{', '不是 JSON'],
    ['', '请选一份规则'],
    ['9'.repeat(100_001), '文件太长'],
  ] as const)
    expect(await supervisor.post(PAGE, { document: text })).toMatchObject({
      status: 422,
      text: expect.stringContaining(said),
    })
  expect((await (await signIn(house, 'platform')).post(PAGE, { document: typed })).status).toBe(403)
})

/** A dry run as its reader receives it. */
const run = async () => {
  const { cookie } = await signIn(house, 'supervisor')
  const headers = { Cookie: cookie, Origin: 'https://t.tousu.example', 'Content-Type': FORM }
  const reply = await house.door.fetch(PAGE, { method: 'POST', headers, body: 'shipped=cn-2026-1' })
  expect(reply.status).toBe(200)
  const reader = reply.body?.pipeThrough(new TextDecoderStream()).getReader()
  if (!reader) throw new Error('no body')
  return reader
}
const FORM = 'application/x-www-form-urlencoded'

test('the dry run is sent while it goes on: the head, how far it is, then the result', async () => {
  await house.submit()
  const reader = await run()
  const parts: string[] = []
  for (let read = await reader.read(); !read.done; read = await reader.read()) parts.push(read.value)
  const page = parts.join('')
  expect(parts.length).toBeGreaterThan(1)
  expect(parts[0]).toContain('两份规则的差别')
  expect(parts[0]).not.toContain('class="result"')
  expect(page.indexOf('<progress')).toBeLessThan(page.indexOf('class="result"'))
  expect(page.trimEnd().endsWith('</html>')).toBe(true)
})

test('whoever leaves during a dry run disturbs nobody', async () => {
  const reader = await run()
  await reader.read()
  await reader.cancel()
  expect((await (await signIn(house, 'supervisor')).get(PAGE)).status).toBe(200)
})
