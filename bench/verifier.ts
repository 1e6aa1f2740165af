// The verifier in the page (`/verify`): a receipt of fifty steps in Chromium at a sixth of this machine's speed, as on a cheap phone.

import type { Page } from 'playwright-core'
import { openDemo } from '../src/hosts/node/demo.ts'
import { linkUrl } from '../src/routes/deps.ts'
import { launchBrowser, phone } from '../test/support/browser.ts'
import { serve } from '../test/support/serve.ts'
import { submits } from './lives.ts'
import { type Cost, median, type Row } from './measure.ts'
import { inFolder } from './place.ts'

const STEPS = 50
const SLOWER = 6
const buyer = { role: 'buyer', automated: false } as const

/** Of a complaint with so many steps, the last of which are signed within a second or so. */
const receiptOf = async ({ app, deps, ledger }: Awaited<ReturnType<typeof openDemo>>): Promise<string> => {
  const id = await submits(ledger, 1)
  for (let n = 1; n < STEPS; n++) {
    const body = { text: `第 ${n} 次说明：请尽快处理，谢谢。` }
    const done = await ledger.execute({ act: 'messages', complaint: id, by: buyer, body })
    if ('refused' in done) throw new Error(`a message was refused: ${done.refused}`)
  }
  const { pathname } = new URL(linkUrl(deps, id, 'act', 0))
  return (await app.request(`${pathname}/receipt.json`)).text()
}

/** Microseconds from the choice of the file to the verdict, by the page's clock, and CPU of its main thread (`worked`, microseconds). */
const check = async (page: Page, receipt: string, worked: () => Promise<number>): Promise<Cost> => {
  await page.reload()
  await page.getByRole('textbox', { name: '信任策略' }).fill(await (await page.request.get('/log/0/policy')).text())
  await page.evaluate(() => {
    const times: { began?: number; took?: number } = {}
    Object.assign(globalThis, { times })
    document.addEventListener(
      'change',
      () => {
        times.began = performance.now()
      },
      { capture: true },
    )
    const verdict = document.querySelector('#verify-verdict')
    const seen = () => {
      if (verdict?.querySelector('h2')) times.took ??= performance.now() - (times.began ?? 0)
    }
    if (verdict) new MutationObserver(seen).observe(verdict, { childList: true, subtree: true })
  })
  const before = await worked()
  await page
    .getByLabel('回执文件')
    .setInputFiles({ name: 'receipt.json', mimeType: 'application/json', buffer: Buffer.from(receipt) })
  await page.locator('#verify-verdict h2').waitFor()
  const cpu = (await worked()) - before
  if ((await page.locator('.checks > li').count()) < 3) throw new Error('not measured: it is no receipt')
  const took = await page.evaluate(() => (globalThis as unknown as { times: { took: number } }).times.took)
  return { wall: took * 1000, cpu }
}

export const verifierRows = (quick: boolean): Promise<Row[]> =>
  inFolder(async folder => {
    const demo = await openDemo(folder, 'http://localhost')
    const receipt = await receiptOf(demo)
    const { server, origin } = await serve(demo.app)
    const browser = await launchBrowser()
    try {
      const context = await browser.newContext({ viewport: phone, locale: 'zh-CN', baseURL: origin })
      const page = await context.newPage()
      await page.goto('/verify')
      const devtools = await context.newCDPSession(page)
      await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
      await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
      const worked = async () => {
        const { metrics } = await devtools.send('Performance.getMetrics')
        return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1e6
      }
      const costs: Cost[] = []
      for (let i = 0; i < (quick ? 5 : 15); i++) costs.push(await check(page, receipt, worked))
      const steps: number = JSON.parse(receipt).steps.length
      return [
        {
          what: `verifier in the page: a receipt of ${steps} steps, ${SLOWER} times slower than this machine`,
          µs: median(costs.map(({ wall }) => wall)),
          'CPU µs': median(costs.map(({ cpu }) => cpu)),
          bytes: receipt.length,
          aim: 'at most 100 ms',
        },
      ]
    } finally {
      await browser.close()
      server.close()
      await demo.close()
    }
  })
