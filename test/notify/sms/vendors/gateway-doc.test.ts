import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { parseSms } from '../../../../src/notify/sms/vendors/config.ts'
import { failoverSmsProvider } from '../../../../src/notify/sms/vendors/failover.ts'
import { GATEWAY, message, patient, sms } from './world.ts'

const DOC = fileURLToPath(new URL('../../../../docs/sms.md', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'tousu-gateway-'))
let child: ChildProcess
let port: unknown

/** The other end as docs/sms.md shows it, with a modem that only counts. */
beforeAll(async () => {
  const [, sample = ''] = /```js\n([\s\S]*?)```/.exec(readFileSync(DOC, 'utf8')) ?? []
  const program = sample
    .replace('await yourModem(to, text)', "to.length + ' ' + ++sent")
    .replace('.listen(8080)', '.listen(0, "127.0.0.1", function () { process.send(this.address().port) })')
  expect(sample.split('\n').length).toBeLessThan(22)
  writeFileSync(join(folder, 'gateway.mjs'), `let sent = 0\n${program}`)
  child = fork(join(folder, 'gateway.mjs'), { env: { ...process.env, SECRET: GATEWAY.secret }, execArgv: [] })
  port = (await once(child, 'message'))[0]
})
afterAll(async () => {
  child.kill()
  await once(child, 'exit')
  rmSync(folder, { recursive: true, force: true })
})

const office = (secret: string, now = Date.now()) =>
  failoverSmsProvider(parseSms(sms({ ...GATEWAY, secret })), 'https://t.tousu.cn', {
    now: () => now,
    fetch: (_url, init) => fetch(`http://127.0.0.1:${port}/send`, init),
  })

test('the sample of the documentation takes our messages, each key once', async () => {
  const { send } = office(GATEWAY.secret)
  expect(await send(message({ key: 'A:1' }), patient())).toEqual({ status: 'accepted', reference: '14 1' })
  expect(await send(message({ key: 'A:2' }), patient())).toEqual({ status: 'accepted', reference: '14 2' })
  expect(await send(message({ key: 'A:1' }), patient())).toEqual({ status: 'accepted', reference: '14 1' })
})

test('and refuses what is forged or old', async () => {
  const log = vi.spyOn(console, 'error').mockReturnValue()
  for (const { send } of [office('another-secret-of-24-chars'), office(GATEWAY.secret, Date.now() - 600_000)]) {
    expect(await send(message({ key: 'A:3' }), patient())).toEqual({ status: 'unavailable', reason: 'http_401' })
  }
  log.mockRestore()
})
