import { globSync, readFileSync } from 'node:fs'
import { afterEach, expect, test, vi } from 'vitest'
import { errorFields, FaultLog, log } from '../../src/telemetry/log.ts'
import { captureLogs } from '../support/log-lines.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

test('a line is one JSON object with time, level and msg, whatever its fields hold', () => {
  const said = captureLogs()
  log('warn', 'something happened', { code: 'a\nb"c', shard: 0, missing: undefined })
  expect(said.text()).not.toContain('\n')
  const [line] = said.lines()
  expect(Object.keys(line ?? {})).toEqual(['time', 'level', 'msg', 'code', 'shard'])
  expect(line).toMatchObject({ level: 'warn', msg: 'something happened', code: 'a\nb"c', shard: 0 })
})

test('an error shows class, code and place, and nothing of its message', () => {
  class TornPage extends Error {}
  const error = Object.assign(new TornPage('王小明 13800001234'), { code: 'SQLITE_IOERR' })
  const fields = errorFields(error)
  expect(fields).toMatchObject({ error: 'TornPage', code: 'SQLITE_IOERR' })
  expect(fields.at).toMatch(/telemetry\/log\.test\.ts:\d+:\d+/)
  expect(JSON.stringify(fields)).not.toMatch(/王|138|file:|https?:/)
  // A Durable Object has the code in the message alone; a code that is no word is none.
  expect(errorFields(new Error('disk is full: SQLITE_FULL')).code).toBe('SQLITE_FULL')
  expect(errorFields(Object.assign(new Error(), { code: 'call 13800001234' })).code).toBeUndefined()
  expect(errorFields('王小明')).toEqual({ error: 'not an error' })
})

test('a fault has a line when it begins, one for each further reason, and one when it ends', () => {
  const said = captureLogs()
  const faults = new FaultLog('gateway', { vendor: 'x' })
  faults.worked()
  for (const reason of ['timeout', 'timeout', 'http_500', 'timeout']) faults.failed(reason)
  faults.worked()
  faults.worked()
  faults.failed('timeout')
  expect(said.lines().map(({ level, msg, vendor, reason }) => [level, msg, vendor, reason])).toEqual([
    ['error', 'gateway fails', 'x', 'timeout'],
    ['error', 'gateway fails', 'x', 'http_500'],
    ['info', 'gateway works again', 'x', undefined],
    ['error', 'gateway fails', 'x', 'timeout'],
  ])
})

test('no server code writes a line by itself, but for the greeting of the demo on Node', () => {
  const files = globSync('src/**/*.ts', {
    exclude: ['src/cli/**', 'src/i18n/table.ts', 'src/verify-page/build.ts', 'src/telemetry/log.ts'],
  })
  const writing = files.filter(path => /\bconsole\.(log|info|warn|error|debug)\(/.test(readFileSync(path, 'utf8')))
  expect(writing).toEqual(['src/hosts/node/main.ts'])
  const main = readFileSync('src/hosts/node/main.ts', 'utf8')
  const greeting = /^const introduce = [\s\S]*?^}$/m.exec(main)?.[0] ?? ''
  expect(main.replace(greeting, '')).not.toMatch(/\bconsole\./)
})
