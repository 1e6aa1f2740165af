import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createAdaptorServer, type ServerType } from '@hono/node-server'
import type { Browser, Page } from 'playwright-core'
import { expect, vi } from 'vitest'
import { DAY, HOUR } from '../../src/complaint/time.ts'
import { openDemo } from '../../src/hosts/node/demo.ts'
import { makeSecrets } from '../../src/ledger/log/secrets.ts'
import { launchBrowser, phone } from '../support/browser.ts'

const WRANGLER = fileURLToPath(new URL('../../node_modules/wrangler/bin/wrangler.js', import.meta.url))
/** Monday 23 November 2026, 10:00 in Shanghai: messages go out at once. */
const MORNING = Date.parse('2026-11-23T02:00:00Z')

/** A demo that can be reached, its clock, and a browser to look at it. */
export interface BrowserStage {
  browser: Browser
  origin: string
  platformKey: string
  /** Whatever falls due on the way does so. */
  pass(hours: number): Promise<unknown>
  /** At night no SMS goes out. */
  untilMorning(): Promise<unknown>
  close(): Promise<void>
}

const freePort = async (server: ServerType): Promise<number> => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
const untilTen = (now: number): number => (DAY - ((now - MORNING) % DAY)) / HOUR

export const openStage = async (): Promise<BrowserStage> => {
  const folder = mkdtempSync(join(tmpdir(), 'tousu-stage-'))
  let answer: (request: Request) => Response | Promise<Response> = () => new Response(null, { status: 503 })
  const server = createAdaptorServer({ fetch: request => answer(request) })
  const origin = `http://127.0.0.1:${await freePort(server)}`
  const demo = await openDemo(folder, origin, MORNING)
  answer = demo.app.fetch
  const browser = await launchBrowser()
  const close = async () => {
    await browser.close()
    server.close()
    await demo.close()
    rmSync(folder, { recursive: true, force: true })
  }
  const pass = demo.advance
  const untilMorning = () => pass(untilTen(demo.clock.now()))
  return { browser, origin, close, platformKey: demo.facts.apiKeys.platform, pass, untilMorning }
}

/** A demo on workerd, as `npm run dev:edge` starts it, with a folder of its own. */
export const startEdge = async (): Promise<{ origin: string; close(): Promise<void> }> => {
  const folder = mkdtempSync(join(tmpdir(), 'tousu-edge-stage-'))
  const probe = createAdaptorServer({ fetch: () => new Response() })
  const port = await freePort(probe)
  probe.close()
  const origin = `http://localhost:${port}`
  const vars = [`BASE_URL:${origin}`, `TOUSU_SECRETS:${JSON.stringify(await makeSecrets())}`]
  const wrangler = spawn(
    process.execPath,
    [
      WRANGLER,
      'dev',
      '--env',
      '',
      '--port',
      String(port),
      '--persist-to',
      folder,
      ...vars.flatMap(each => ['--var', each]),
    ],
    { stdio: 'ignore' },
  )
  const ended = once(wrangler, 'exit')
  const isUp = () =>
    fetch(`${origin}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    )
  await vi.waitUntil(isUp, { timeout: 60_000, interval: 250 }).catch(error => {
    wrangler.kill('SIGTERM')
    throw error
  })
  const close = async () => {
    wrangler.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  return { origin, close }
}

/** The same on workerd. */
export const openEdgeStage = async (): Promise<BrowserStage> => {
  const { origin, close: closeEdge } = await startEdge()
  const facts = (await (await fetch(`${origin}/demo.json`)).json()) as { apiKeys: { platform: string } }
  const pass = async (advanceHours: number): Promise<number> => {
    const body = JSON.stringify({ advanceHours: Math.round(advanceHours * 1000) / 1000 })
    const headers = { 'Content-Type': 'application/json' }
    const moved = await fetch(`${origin}/demo/clock`, { method: 'POST', headers, body })
    return Date.parse(((await moved.json()) as { now: string }).now)
  }
  const untilMorning = async () => pass(untilTen(await pass(0)))
  const browser = await launchBrowser()
  const close = async () => {
    await browser.close()
    await closeEdge()
  }
  return { browser, origin, close, platformKey: facts.apiKeys.platform, pass, untilMorning }
}

/** What is no fault of the page: it asked for something, and was told why not. */
const REFUSED = /Failed to load resource: the server responded with a status of (409|422)/

/** One person at one screen, with scripts or without. What their browser complains of is a failure. */
class Screen {
  readonly page: Page
  readonly scripts: boolean
  readonly complaints: string[] = []

  constructor(page: Page, scripts: boolean) {
    this.page = page
    this.scripts = scripts
    page.setDefaultTimeout(10_000)
    page.on('pageerror', error => this.complaints.push(String(error)))
    page.on('console', line => {
      if (['error', 'warning'].includes(line.type()) && !REFUSED.test(line.text())) this.complaints.push(line.text())
    })
  }

  /** Opens the form of an act, wherever it is folded away. */
  async form(act: string) {
    const form = this.page.locator(`#${act}`)
    if (!(await form.isVisible())) await this.page.locator('#more-acts > summary').click()
    // A form that few need comes in place of its link, or with the page that the link leads to.
    if ((await form.getAttribute('href')) !== null) await form.click()
    await this.page.locator(`details#${act}`).waitFor()
    if ((await form.getAttribute('open')) === null) await form.locator('> summary').click()
    return form
  }

  /** Fills the form of an act in and sends it, as one does who cannot wait. */
  async does(
    act: string,
    fields: Readonly<Record<string, string>> = {},
    button = 'form[method=post] button:not([name])',
  ) {
    const form = await this.form(act)
    for (const [name, value] of Object.entries(fields)) await fill(form.locator(`[name="${name}"]`), value)
    await form.locator(button).last().click()
  }

  /** What the page says of the complaint now: it comes by itself, or by looking again. */
  async looks(): Promise<void> {
    if (!this.scripts) return void (await this.page.reload())
    const answered = this.page.waitForResponse(response => response.request().headers()['hx-source'] === 'div#now')
    await this.page.evaluate("htmx.trigger(document.getElementById('now'), 'poll')")
    await (await answered).finished()
  }

  reads(words: string | RegExp) {
    return this.page.locator('h1', { hasText: words }).waitFor()
  }
  newest(words: string | RegExp) {
    return this.page.locator('.steps > .newest', { hasText: words }).waitFor()
  }
}

const fill = async (fields: ReturnType<Page['locator']>, value: string) => {
  const field = fields.first()
  const kind = await field.evaluate(each => (each instanceof HTMLInputElement ? each.type : each.tagName.toLowerCase()))
  if (kind === 'select') return field.selectOption(value)
  if (kind === 'radio') return fields.and(fields.page().locator(`[value="${value}"]`)).check()
  if (kind === 'checkbox') return field.check()
  return field.fill(value)
}

/** How each screen looked in the end, for eyes; git ignores the folder. */
const SHOTS = fileURLToPath(new URL('../../screenshots/stories/', import.meta.url))
const fileNameOf = (screen: number): string =>
  `${(expect.getState().currentTestName ?? '').replaceAll(/[^a-zA-Z]+/g, '-')}-${screen}.jpg`

/** The people of a story, each with a browser of their own. */
export const castOf = (stage: BrowserStage, scripts: boolean) => {
  const screens: Screen[] = []
  const sit = async (viewport: { width: number; height: number }): Promise<Screen> => {
    const context = await stage.browser.newContext({ viewport, javaScriptEnabled: scripts, locale: 'zh-CN' })
    const screen = new Screen(await context.newPage(), scripts)
    screens.push(screen)
    return screen
  }
  return {
    ...stage,
    scripts,
    buyer: () => sit(phone),
    /** By the demo's role chooser; a session ends after eight hours, so each visit begins with it. */
    worker: async (role: 'merchant' | 'platform', path: string): Promise<Screen> => {
      const screen = await sit({ width: 1280, height: 800 })
      await screen.page.goto(`${stage.origin}/signin?to=${encodeURIComponent(path)}`)
      await screen.page.locator(`button[name=role][value=${role}]`).click()
      await screen.page.waitForURL(`${stage.origin}${path}`)
      return screen
    },
    leave: async () => {
      expect(screens.flatMap(({ complaints }) => complaints)).toEqual([])
      for (const [i, { page }] of screens.entries()) {
        await page.screenshot({ path: `${SHOTS}${fileNameOf(i + 1)}`, type: 'jpeg', quality: 70, fullPage: true })
        await page.context().close()
      }
    },
  }
}
export type Cast = ReturnType<typeof castOf>
export type { Screen }
