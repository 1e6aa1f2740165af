import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ServerType } from '@hono/node-server'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { type DemoServer, openDemo } from '../../src/hosts/node/demo.ts'
import { launchBrowser } from './browser.ts'
import { serve } from './serve.ts'

// One demo, served on loopback, and one browser for all tests of a file: these are its, from the first test on.

export let browser: Browser
export let demo: DemoServer
/** Of the demo, without a slash at its end. */
export let origin: string

/**
 * Opens them before the tests of the file that calls it, and closes them after the last. A passkey needs a name: `localhost`.
 * Returns the demo's folder, which goes with it.
 */
export const useDemoInBrowser = (host: '127.0.0.1' | 'localhost' = '127.0.0.1'): string => {
  const folder = mkdtempSync(join(tmpdir(), 'tousu-browser-'))
  let server: ServerType | undefined
  beforeAll(async () => {
    const served = await serve({ fetch: request => demo.app.fetch(request) })
    server = served.server
    origin = served.origin.replace('127.0.0.1', host)
    demo = await openDemo(folder, origin)
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    server?.close()
    await demo?.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return folder
}
