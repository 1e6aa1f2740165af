import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { ServerType } from '@hono/node-server'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { formatVerifierKey, verifierKey } from '../../src/log/note.ts'
import type { Receipt } from '../../src/log/receipt.ts'
import { launchBrowser, phone } from '../support/browser.ts'
import { serve } from '../support/serve.ts'
import { hideNewest, openSource, type Source, withLeaf, withText } from './receipts.ts'

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

let browser: Browser
let source: Source
let server: ServerType
let origin: string

beforeAll(async () => {
  source = await openSource()
  ;({ server, origin } = await serve(source.demo.app))
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser?.close()
  server?.close()
  await source?.close()
})

const open = async (options: BrowserContextOptions = {}): Promise<Page> => {
  const context = await browser.newContext({ viewport: phone, locale: 'zh-CN', ...options })
  const page = await context.newPage()
  await page.goto(`${origin}/verify`)
  return page
}

const give = (page: Page, receipt: Receipt | string, name = 'receipt.json') =>
  page.getByLabel('回执文件').setInputFiles({
    name,
    mimeType: 'application/json',
    buffer: Buffer.from(typeof receipt === 'string' ? receipt : JSON.stringify(receipt)),
  })

const verdict = (page: Page) => page.locator('#verify-verdict')
const typePolicy = (page: Page, text: string) => page.getByRole('textbox', { name: '信任策略' }).fill(text)
const useSite = (page: Page) => page.getByRole('button', { name: '用本站公布的策略' }).click()
const failed = (page: Page) =>
  page
    .locator('.checks > li')
    .filter({ hasText: '✗ 没有通过' })
    .evaluateAll(lines => lines.map(line => line.dataset.check))

/** The page with this receipt checked against the server's own policy. */
const checked = async (receipt: Receipt | string, options?: BrowserContextOptions): Promise<Page> => {
  const page = await open(options)
  await give(page, receipt)
  await useSite(page)
  await verdict(page).locator('h2').waitFor()
  return page
}

describe('an honest receipt', () => {
  test('is good, check by check, and sent nowhere', async () => {
    const context = await browser.newContext({ viewport: phone, locale: 'zh-CN' })
    const page = await context.newPage()
    const asked: string[] = []
    page.on('request', request =>
      asked.push(
        `${request.method()} ${request
          .url()
          .replace(origin, '')
          .replace(/\.[\w-]{8}(\.\w+)$/, '$1')}`,
      ),
    )
    await page.goto(`${origin}/verify`)
    await give(page, await source.receipt('dress-unlike-picture'))
    await expect.poll(() => verdict(page).textContent()).toContain('还缺信任策略')
    await useSite(page)
    await expect.poll(() => verdict(page).textContent()).toContain('✓ 回执完好')
    expect(await verdict(page).textContent()).toContain('20 项检查全部通过')
    expect(await verdict(page).textContent()).toContain('信任策略由本站提供')
    expect(await page.locator('.checks > li').filter({ hasText: '✓ 通过' }).count()).toBe(20)
    const own = ['GET /verify', 'GET /app.css', 'GET /pages.css', 'GET /verify.js', 'GET /log/0/policy']
    expect(asked.filter(each => each !== 'GET /icon.svg').toSorted()).toEqual(own.toSorted())
  })

  test('says what it holds, from the first step on', async () => {
    const page = await checked(await source.receipt('dress-unlike-picture'))
    const steps = page.locator('.steps > li')
    expect(await steps.first().innerText()).toContain('买家提交投诉：与描述不符')
    expect(await steps.first().innerText()).toContain('收到的是化纤')
    expect(await steps.last().innerText()).toContain('买家已寄回商品（中通快递 ZT7788990011）')
    expect(await page.locator('#verify-result').innerText()).toMatch(/20\d\d年/)
  })

  test('is good with a policy of the reader’s own, typed before the file', async () => {
    const page = await open()
    await typePolicy(page, await source.policy())
    await give(page, await source.receipt('robot-replies'))
    await expect.poll(() => verdict(page).textContent()).toContain('✓ 回执完好')
    expect(await verdict(page).textContent()).toContain('信任策略由您提供')
  })

  test('is taken where it is dropped, with its policy beside it', async () => {
    const page = await open()
    const receipt = ['receipt.json', JSON.stringify(await source.receipt('two-day-refund'))]
    const files = [receipt, ['trust.txt', await source.policy()]]
    await page.evaluate(`{
      const dropped = new DataTransfer()
      for (const [name, text] of ${JSON.stringify(files)}) dropped.items.add(new File([text], name))
      document.body.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: dropped }))
    }`)
    await expect.poll(() => verdict(page).textContent()).toContain('✓ 回执完好')
  })
})

describe('a receipt that was touched', () => {
  test('fails the check of its texts, which is open to read', async () => {
    const page = await checked(withText(await source.receipt('dress-unlike-picture'), 'reasons', '理由另写'))
    expect(await verdict(page).textContent()).toContain('✗ 回执有问题')
    expect(await failed(page)).toEqual(['disclosures'])
    expect(await page.locator('[data-check=disclosures] details').getAttribute('open')).not.toBe(null)
    expect(await page.locator('#verify-result').innerText()).toContain('不能当作凭据')
    expect(await page.locator('body').textContent()).not.toContain('理由另写')
  })

  test('fails where its leaf is not the one in the tree', async () => {
    const receipt = await source.receipt('silent-merchant')
    const page = await checked(withLeaf(receipt, 'message_added', leaf => leaf.replace('"by":"buyer"', '"by":"buyes"')))
    expect(await verdict(page).textContent()).toContain('✗ 回执有问题')
    expect(await failed(page)).toEqual(['inclusion', 'chain'])
  })

  test('fails under a policy with another key for its log', async () => {
    const stranger = verifierKey('demo.tousu.invalid/log/0', new Uint8Array(32).fill(7))
    const page = await open()
    await typePolicy(page, (await source.policy()).replace(/^log .*/, `log ${formatVerifierKey(stranger)}`))
    await give(page, await source.receipt('silent-merchant'))
    await expect.poll(() => verdict(page).textContent()).toContain('✗ 回执有问题')
    expect(await failed(page)).toEqual(['checkpoint-signature'])
  })

  test('holds no markup for the page', async () => {
    const page = await checked(
      withLeaf(await source.receipt('silent-merchant'), 'message_added', leaf =>
        leaf.replace('"by":"buyer"', '"by":"<img src=x>"'),
      ),
    )
    expect(await page.locator('#verify-result img').count()).toBe(0)
    expect(await page.locator('#verify-result').textContent()).toContain('<img src=x>')
  })
})

describe('what is no receipt', () => {
  test.each([
    ['a photo', '\u{fffd}PNG', '这个文件不是回执'],
    ['other JSON', '{"v":1}', '这不是一份完整的回执'],
  ])('%s is said to be unreadable', async (_, text, sentence) => {
    const page = await checked(text)
    expect(await verdict(page).textContent()).toContain('✗ 无法读取')
    expect(await verdict(page).textContent()).toContain(sentence)
  })

  test('nothing at all is asked for', async () => {
    const page = await open()
    await page.getByRole('button', { name: '核验', exact: true }).press('Enter')
    expect(await verdict(page).textContent()).toContain('请先选择回执文件')
  })
})

describe('in the log as it is served', () => {
  const inLog = (page: Page) => page.getByRole('button', { name: '再到日志里核对' }).click()

  test('finds an honest receipt’s steps there, at the address that comes with the policy', async () => {
    const page = await checked(await source.receipt('dress-unlike-picture'))
    expect(await page.getByLabel('日志网址').inputValue()).toBe(`${origin}/log/0`)
    expect(await verdict(page).textContent()).toContain('还没有到日志里看')
    await inLog(page)
    await expect.poll(() => verdict(page).textContent()).toContain('25 项检查全部通过')
    expect(await verdict(page).textContent()).toContain(`也在日志里核对过：${origin}/log/0`)
  })

  test('finds a newest step that the receipt hides: its checks alone find nothing', async () => {
    const receipt = await source.receipt('dress-unlike-picture')
    const hiding = await hideNewest(receipt, source)
    const page = await checked(hiding)
    expect(await verdict(page).textContent()).toContain('✓ 回执完好')
    await inLog(page)
    await expect.poll(() => verdict(page).textContent()).toContain('✗ 和日志对不上')
    expect(await failed(page)).toEqual(['log-head'])
  })

  test('finds there what a promise promised, for whoever has no receipt; and says what a fingerprint belongs to', async () => {
    const receipt = await source.receipt('dress-unlike-picture')
    const page = await open()
    await useSite(page)
    const token = page.getByLabel('存证指纹或承诺')
    await token.fill(await source.promise('dress-unlike-picture'))
    await inLog(page)
    await expect.poll(() => verdict(page).textContent()).toContain('✓ 承诺没有落空')
    await give(page, receipt)
    await token.fill('0'.repeat(26))
    await page.getByRole('button', { name: '核验', exact: true }).click()
    await expect.poll(() => failed(page)).toEqual(['fingerprint'])
  })

  test('says that an address without a log proves nothing', async () => {
    const page = await checked(await source.receipt('robot-replies'))
    for (const [address, why] of [
      [`${origin}/nowhere`, 'no log is served there'],
      ['log', 'not the address of a log'],
    ] as const) {
      await page.getByLabel('日志网址').fill(address)
      await inLog(page)
      await expect.poll(() => verdict(page).textContent()).toContain(`没有能和日志核对（${why}）`)
    }
  })
})

describe('where nothing can be checked', () => {
  test('without scripts the page says so, and how to check offline', async () => {
    const page = await open({ javaScriptEnabled: false })
    const text = await page.locator('main').innerText()
    for (const words of [
      '这里没有运行',
      'npx tousu verify receipt.json --policy trust.txt',
      'verifier.py',
      '由平台提供',
    ])
      expect(text).toContain(words)
    expect(await page.locator('form').isVisible()).toBe(false)
  })

  test('a browser without Ed25519 says so, and takes no receipt', async () => {
    const context = await browser.newContext({ viewport: phone, locale: 'zh-CN' })
    await context.addInitScript(
      `crypto.subtle.importKey = () => Promise.reject(new DOMException('no', 'NotSupportedError'))`,
    )
    const page = await context.newPage()
    await page.goto(`${origin}/verify`)
    await expect.poll(() => page.locator('#verify-old').isVisible()).toBe(true)
    expect(await page.locator('form').isVisible()).toBe(false)
    expect(await page.locator('body').innerText()).toContain('这个浏览器不能核验签名')
  })
})

describe('for every reader', () => {
  const settled = async () => {
    const receipt = await source.receipt('passed-around')
    return [receipt, withText(receipt, 'statement', '不实')]
  }

  test('axe finds nothing, in either verdict and either colour', async () => {
    for (const receipt of await settled()) {
      for (const colorScheme of ['light', 'dark'] as const) {
        const page = await checked(receipt, { bypassCSP: true, colorScheme })
        await page.addScriptTag({ path: AXE })
        const found = await page.evaluate("axe.run().then(r => r.violations.map(v => v.id + ': ' + v.nodes[0]?.html))")
        expect(found).toEqual([])
      }
    }
  })

  test('it fits a narrow phone without sideways scrolling', async () => {
    for (const receipt of await settled()) {
      const page = await checked(receipt, { viewport: { width: 320, height: 640 } })
      await page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
      expect(await page.evaluate('document.documentElement.scrollWidth - window.innerWidth')).toBe(0)
    }
  })
})

describe('one file with a pinned policy', () => {
  const opened = async (policy: string, offline = true) => {
    const folder = mkdtempSync(join(tmpdir(), 'tousu-standalone-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const [trust, out] = [join(folder, 'trust.txt'), join(folder, 'verify.html')]
    writeFileSync(trust, policy)
    const build = fileURLToPath(new URL('../../src/verify-page/build.ts', import.meta.url))
    const printed = execFileSync(process.execPath, [build, '--policy', trust, '--out', out], { encoding: 'utf8' })
    const hash = createHash('sha256').update(readFileSync(out)).digest('hex')
    expect(printed).toBe(`${hash}  ${out}\n`)
    const page = await (await browser.newContext({ viewport: phone, locale: 'zh-CN', offline })).newPage()
    await page.goto(pathToFileURL(out).href)
    return page
  }

  test('checks a receipt without a network, by its own policy alone', async () => {
    const page = await opened(await source.policy())
    await give(page, await source.receipt('dress-unlike-picture'))
    await expect.poll(() => verdict(page).textContent()).toContain('回执完好')
    expect(await verdict(page).textContent()).toContain('是发布这个文件的人给的')
    expect(await page.getByRole('button', { name: '用本站公布的策略' }).isVisible()).toBe(false)
    expect(await page.locator('#verify-policy').getAttribute('readonly')).not.toBeNull()
    expect(await page.content()).not.toMatch(/(?:href|src)="\//)
    await page.context().close()
  })

  test('reads a log of another site when it is asked to', async () => {
    const page = await opened(await source.policy(), false)
    const asked: string[] = []
    page.on('request', request => asked.push(request.url()))
    await give(page, await source.receipt('dress-unlike-picture'))
    await expect.poll(() => verdict(page).textContent()).toContain('回执完好')
    expect(asked).toEqual([])
    await page.getByLabel('日志网址').fill(`${origin}/log/0/`)
    await page.getByRole('button', { name: '再到日志里核对' }).click()
    await expect.poll(() => verdict(page).textContent()).toContain('25 项检查全部通过')
    expect(asked.every(url => url.startsWith(`${origin}/log/0/`))).toBe(true)
    await page.context().close()
  })

  test('believes no log that its policy does not name', async () => {
    const page = await opened(
      `log ${formatVerifierKey(verifierKey('other/0', new Uint8Array(32).fill(7)))}\nquorum none\n`,
    )
    await give(page, await source.receipt('dress-unlike-picture'))
    await expect.poll(() => verdict(page).textContent()).toContain('回执有问题')
    await page.context().close()
  })
})
