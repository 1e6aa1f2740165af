import { beforeAll, expect, test } from 'vitest'
import { compareFigures } from '../../../src/cli/figures.ts'
import { readTrust } from '../../../src/cli/io.ts'
import type { PublicIndex } from '../../../src/complaint/figures/public-index.ts'
import { type Filed, filed, front, PLATFORM } from './front.ts'

/** Three objects of one site: `tousu figures` reads them as its users do, through the Worker. */
const site = front({ SHARDS: '3' })
const MERCHANTS = Array.from({ length: 9 }, (_, i) => `counted-${i}`)
let trusts: ReturnType<typeof readTrust>[]

const posts = async (path: string, body: URLSearchParams | string, headers: Record<string, string> = {}) => {
  const answer = await site.fetch(path, { method: 'POST', body, headers: { Accept: 'application/json', ...headers } })
  expect(answer.status, `${path}: ${await answer.clone().text()}`).toBeLessThan(400)
}
const withdraws = ({ room }: Filed & { room: string }) =>
  posts(`${room}/withdrawal`, new URLSearchParams({ reason: '算了', ground: 'other', confirm: 'yes', last4: '1234' }))
const refuses = ({ id }: Filed) =>
  posts(
    `/api/v1/complaints/${id}/refusal`,
    JSON.stringify({ operator: 'A17', ground: 'duplicate', facts: '重复', rule: '1.1' }),
    PLATFORM,
  )

beforeAll(async () => {
  for (const [i, merchantId] of MERCHANTS.entries()) {
    const made = await filed(site, { merchantId, category: i % 2 ? 'quality' : 'service' })
    if (i % 3 === 1) await withdraws(made)
    if (i % 3 === 2) await refuses(made)
  }
  const policies = await Promise.all([0, 1, 2].map(async n => (await site.fetch(`/log/${n}/policy`)).text()))
  trusts = policies.map((text, n) => readTrust(text, `/log/${n}/policy`))
})

const tousu = async (forge = (body: string) => body) => {
  const out: string[] = []
  const code = await compareFigures(
    { site: 'https://t.tousu.example', period: 30, trusts },
    {
      out: line => void out.push(line),
      err: text => void out.push(text),
      tty: false,
      now: Date.now,
      fetch: async url => {
        const { pathname, search } = new URL(url)
        const answer = await site.fetch(pathname + search)
        return pathname === '/index.json' ? new Response(forge(await answer.text())) : answer
      },
    },
  )
  return { code, out: out.join('\n') }
}

test('tousu figures recomputes the index of three Durable Objects', async () => {
  const said: PublicIndex & { logs: object[]; whole: boolean } = await (
    await site.fetch('/index.json?period=30')
  ).json()
  expect(said).toMatchObject({ whole: true, logs: [{ path: '/log/0' }, { path: '/log/1' }, { path: '/log/2' }] })
  expect(said.merchants.length).toBeGreaterThanOrEqual(MERCHANTS.length)
  for (const end of ['withdrawn', 'refused'] as const) expect(said.platform.ended[end]).toBeGreaterThanOrEqual(3)
  expect(await tousu()).toMatchObject({ code: 0, out: expect.stringContaining('✓ figures: all of them follow') })
})

test('and names what a Worker tells otherwise', async () => {
  const forged = await tousu(body => {
    const said: PublicIndex = JSON.parse(body)
    said.platform.ended.withdrawn--
    return JSON.stringify(said)
  })
  expect(forged.code, forged.out).toBe(1)
  expect(forged.out).toMatch(/✗ platform\.ended\.withdrawn: \d+ by the log, \d+ on the server/)
})
