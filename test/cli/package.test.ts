import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const OLD = join(ROOT, 'test/data/v0.1.0')

test('what npm packs runs alone in an empty folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tousu-package-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const packed = execFileSync('npm', ['pack', '--pack-destination', folder], { cwd: ROOT, encoding: 'utf8' })
  const tarball = packed.trim().split('\n').at(-1) ?? ''
  execFileSync('tar', ['-xzf', tarball], { cwd: folder })
  const tousu = (...args: string[]) =>
    execFileSync(process.execPath, [join(folder, 'package/bin/tousu.mjs'), ...args], { cwd: folder, encoding: 'utf8' })
  const said = tousu('verify', join(OLD, 'receipt-1.json'), '--policy', join(OLD, 'trust.txt'))
  expect(said.trim().split('\n')).toEqual(expect.arrayContaining([expect.stringMatching(/^✓ head: /)]))
  expect(said).not.toMatch(/^✗/m)
  expect(tousu('keys', 'witness', 'a/b', '--out', 'key')).toMatch(/^a\/b\+/)
})
