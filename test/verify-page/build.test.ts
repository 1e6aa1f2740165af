import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { bundle, SCRIPT } from '../../src/verify-page/build.ts'

test('public/verify.js is what its source makes; if not, run `npm run build:verify`', async () => {
  expect(readFileSync(SCRIPT, 'utf8') === (await bundle())).toBe(true)
})
