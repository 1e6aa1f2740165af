import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, test } from 'vitest'

const served = (name: string) => readFileSync(new URL(`../../public/${name}`, import.meta.url), 'utf8')

test('the committed htmx is the one that is installed', () => {
  const installed = createRequire(import.meta.url).resolve('htmx.org/dist/htmx.min.js')
  expect(served('htmx.min.js')).toBe(readFileSync(installed, 'utf8'))
})

test('our script needs none of what the policy forbids, and says no word of its own', () => {
  const script = served('track.js')
  expect(script).not.toMatch(/\beval\b|new Function|innerHTML|insertAdjacentHTML|\.style\b/)
  expect(script).not.toMatch(/[\u4e00-\u9fff]/)
})
