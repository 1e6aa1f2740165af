import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { lineFile } from '../../../src/hosts/node/demo.ts'
import { demoPhone } from '../../../src/notify/sms/demo-phone.ts'
import type { Sms } from '../../../src/notify/sms/provider.ts'
import { pocketPhone } from './support.ts'

const sms: Sms = {
  to: '13800001234',
  text: '【透诉】第一行\n第二行 “引号”',
  key: '0K3F8Q2M7Z:1',
  template: 'link',
  params: {},
  locale: 'zh-TW',
  mode: 'link',
}
const { signal } = new AbortController()

test('it keeps what it was sent, oldest first', async () => {
  const phone = pocketPhone()
  expect(await phone.send(sms, signal)).toEqual({ status: 'accepted' })
  await phone.send({ ...sms, text: '下一条', key: '0K3F8Q2M7Z:2' }, signal)
  expect(phone.messages()).toEqual([
    { to: sms.to, text: sms.text, at: expect.any(Number), template: 'link', locale: 'zh-TW' },
    { to: sms.to, text: '下一条', at: expect.any(Number), template: 'link', locale: 'zh-TW' },
  ])
})

test('it takes a message once, also after a restart', async () => {
  const lines: string[] = []
  await pocketPhone(lines).send(sms, signal)
  const phone = pocketPhone(lines)
  expect(await phone.send(sms, signal)).toEqual({ status: 'accepted' })
  expect(phone.messages()).toHaveLength(1)
})

test('a line with an impossible time is no message', () => {
  const line = { ...sms, at: 1e99 }
  expect(pocketPhone([JSON.stringify(line)]).messages()).toEqual([])
})

test('what comes after a line cut short by a crash stands on a line of its own', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'tousu-phone-')), 'phone.ndjson')
  onTestFinished(() => rmSync(dirname(file), { recursive: true }))
  await demoPhone(lineFile(file)).send(sms, signal)
  writeFileSync(file, readFileSync(file).subarray(0, 40))
  const phone = demoPhone(lineFile(file))
  await phone.send(sms, signal)
  await phone.send({ ...sms, key: '0K3F8Q2M7Z:2' }, signal)
  expect(phone.messages()).toHaveLength(2)
})

test('a line cut short by a crash is no message, and its message comes again', async () => {
  const lines: string[] = []
  await pocketPhone(lines).send(sms, signal)
  const phone = pocketPhone([lines[0]!.slice(0, 40)])
  expect(phone.messages()).toEqual([])
  await phone.send(sms, signal)
  expect(phone.messages()).toHaveLength(1)
})
