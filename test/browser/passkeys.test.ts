import { execFile, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { BrowserContext, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { verifyReceipt } from '../../src/log/verify.ts'
import { browser, demo, origin, useDemoInBrowser } from '../support/demo-browser.ts'

// Passkeys of people in the consoles, with the authenticator that Chromium simulates: one is registered, vouches for browsers while
// signatures are required, retires the key of a lost one, and is retired itself.

const run = promisify(execFile)
const TOUSU = fileURLToPath(new URL('../../src/cli/tousu.ts', import.meta.url))
const VERIFIER = fileURLToPath(new URL('../../docs/verifier.py', import.meta.url))
const hasPython = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))']).status === 0

const folder = useDemoInBrowser('localhost')
const clerk = async (): Promise<BrowserContext> => {
  const context = await browser.newContext({ locale: 'zh-CN' })
  await context.request.post(`${origin}/demo/signin`, { form: { role: 'merchant' }, headers: { Origin: origin } })
  return context
}

interface Credential {
  credentialId: string
  isResidentCredential: boolean
  rpId?: string
  privateKey: string
  userHandle?: string
  signCount: number
}
/** The page of keys in a browser whose phone has these passkeys. */
const withPhone = async (context: BrowserContext, passkeys: readonly Credential[] = []) => {
  const page = await context.newPage()
  const cdp = await context.newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  for (const credential of passkeys) await cdp.send('WebAuthn.addCredential', { authenticatorId, credential })
  await page.goto(`${origin}/merchant/keys`)
  const kept = async (): Promise<Credential[]> =>
    (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials
  const verifies = (isUserVerified: boolean) =>
    cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified })
  return { page, kept, verifies }
}
const presses = async (page: Page, button: string, said: string) => {
  await page.getByRole('button', { name: button, exact: true }).click()
  await page.getByText(said).waitFor()
}
const here = async (page: Page): Promise<string> =>
  (await page.locator('[data-key-here]:not([hidden])').getAttribute('data-key-here')) ?? ''

const asked = async (path: string, role: 'merchant' | 'platform' = 'merchant', body?: object) => {
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${demo.facts.apiKeys[role]}` }
  const init = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers }
  const reply = await fetch(`${origin}/api/v1${path}`, init)
  expect(reply.ok, await reply.clone().text()).toBe(true)
  return reply.json()
}

test('a passkey vouches for browsers, signs what is said about keys, and outlives a lost computer', async () => {
  const [office, phone] = [await clerk(), await clerk()]
  const { page, kept, verifies } = await withPhone(office)
  // Whoever isn't verified by finger or PIN makes none.
  await verifies(false)
  await presses(page, '登记通行密钥', '没有用通行密钥签名，什么都没有改变')
  await verifies(true)
  await presses(page, '登记通行密钥', '已登记。')
  const [passkey = ''] = (await page.locator('#keys').getAttribute('data-passkeys'))?.split(':').slice(1) ?? []
  await presses(page, '登记这个浏览器', '这个浏览器已登记，会自动签名。')
  const lost = await here(page)
  await presses(page, '要求签名', '从现在起要求签名。')

  // The office's computer is gone; the phone, which synchronized its passkeys, vouches for another browser and retires the lost one's key.
  const other = await withPhone(phone, await kept())
  await presses(other.page, '登记这个浏览器', '这个浏览器已登记，会自动签名。')
  const own = await here(other.page)
  await other.page.locator(`tr:has([data-key-here="${lost}"]) button`).click()
  await other.page.getByText('已停用。').waitFor()

  const { id } = await asked('/complaints', 'platform', {
    orderId: 'PASSKEY-1',
    item: '保温杯',
    merchantId: demo.facts.merchantId,
    merchantName: '花间集',
    buyer: { name: '林晓雨', phone: '13800010001' },
    category: 'quality',
    statement: '漏水。',
    remedySought: { kind: 'refund', amount: { value: '89.00', currency: 'CNY' } },
  })
  await other.page.goto(`${origin}/merchant/complaints/${id}`)
  await other.page.getByText('这个浏览器会为您的操作签名。').waitFor()
  await other.page.locator('form.agree button').click()
  await other.page.waitForURL(/done=/)
  const { steps } = await asked(`/complaints/${id}`)
  expect(steps.find(({ kind }: { kind: string }) => kind === 'merchant_responded').signed.key).toBe(own)

  // Each leaf that a passkey signed holds for whoever has the log alone.
  const policy = await (await fetch(`${origin}/log/0/policy`)).text()
  const receipt = await asked(`/complaints/${id}/receipt.json`)
  const { checks } = await verifyReceipt(receipt, policy)
  expect(checks.filter(({ ok }) => !ok)).toEqual([])

  // A new machine without a key of its own: the passkey itself releases. Then it is retired, and another takes its place.
  const third = await withPhone(await clerk(), await kept())
  await presses(third.page, '不再要求签名', '不再要求签名。')
  await third.page.locator(`tr:has([data-key-here="${passkey}"]) button`).click()
  await third.page.getByText('已停用。').waitFor()
  expect(await third.page.locator('#keys').getAttribute('data-passkeys')).toBe('')
  await presses(third.page, '登记通行密钥', '已登记。')
  const items: { key: string; name: string; retired: boolean }[] = (await asked('/keys')).items
  expect(items.filter(({ name }) => name === '通行密钥').map(({ retired }) => retired)).toEqual([false, true])
  expect(JSON.stringify(items)).not.toContain('credential')

  const trust = join(folder, 'trust.txt')
  writeFileSync(trust, policy)
  const files = ['--policy', trust, '--state', join(folder, 'state')]
  const monitored = await run(process.execPath, [TOUSU, 'monitor', `${origin}/log/0`, ...files])
  expect(monitored.stdout).toContain(`key ${passkey}`)
  await run(process.execPath, [TOUSU, 'mirror', `${origin}/log/0`, join(folder, 'copy'), '--policy', trust])
  if (hasPython) await run('python3', [VERIFIER, '--log', join(folder, 'copy'), trust])
})

test('a lost passkey: the next press goes without it', async () => {
  const { page } = await withPhone(await clerk())
  await presses(page, '登记这个浏览器', '没有用通行密钥签名，什么都没有改变')
  await presses(page, '登记这个浏览器', '这个浏览器已登记，会自动签名。')
})
