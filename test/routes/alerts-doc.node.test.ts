import { readFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { START } from '../ledger/fixture.ts'
import { metricNames } from '../support/metrics.ts'
import { openTestHost } from '../support/server.ts'
import { WitnessFixture } from '../witness/fixture.ts'

// The rules and the board in docs/ name what is served, and all of it.

const read = (file: string) => readFileSync(new URL(`../../docs/${file}`, import.meta.url), 'utf8')

/** Rules by their alert, each with its lines. The file's own layout, not YAML in general. */
const rules = new Map(
  read('alerts.yml')
    .split(/^ {6}- alert: /m)
    .slice(1)
    .map(text => [text.split('\n')[0] ?? '', text]),
)

const board: { panels: { id: number; title: string; targets: { expr: string }[] }[] } = JSON.parse(read('grafana.json'))

const EXPR = /^ {8}expr: (?:>-\n)?([\s\S]*?)(?=^ {8}\w+:)/m
const namesIn = (text: string): string[] =>
  [...text.matchAll(/\btousu_[a-z_]+/g)].map(([name]) => name.replace(/_(bucket|count|sum)$/, ''))

/** Served on Node, by a log with a witness. */
const served = async (): Promise<string[]> => {
  const host = await openTestHost(START)
  onTestFinished(() => host.close())
  await host.fetch('/')
  const own = metricNames(await (await host.fetch('/metrics')).text())
  const town = await WitnessFixture.found({ witnesses: 1 })
  const { cosignatureAges } = await town.ledger.metrics()
  expect(cosignatureAges.map(({ witness }) => witness)).toEqual(['association'])
  // Of a process on a commit log: test/hosts/node/commit-log/faults.test.ts.
  return [...own, 'tousu_witness_cosignature_age_seconds', 'tousu_replication_lag_commits']
}

test('each metric has a panel; each rule and panel names metrics that are served', async () => {
  const names = (await served()).toSorted()
  const shown = new Set(board.panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => namesIn(expr))))
  expect([...shown].toSorted()).toEqual(names)
  const alerted = new Set([...rules.values()].flatMap(rule => namesIn(EXPR.exec(rule)?.[1] ?? '')))
  expect(names).toEqual(expect.arrayContaining([...alerted]))
  // What is left without an alert is for looking at.
  expect(names.filter(name => !alerted.has(name))).toEqual(['tousu_upload_bytes_in_flight'])
})

test('each rule has an expression, a time, a severity, a fault and what to do about it', () => {
  expect(rules.size).toBeGreaterThan(10)
  for (const [alert, rule] of rules) {
    expect([alert, EXPR.exec(rule)?.[1]?.trim()]).toEqual([alert, expect.stringMatching(/\S{3}/)])
    expect(rule).toMatch(/^ {8}for: \d+[mh]$/m)
    expect(rule).toMatch(/^ {8}labels: \{ severity: (page|ticket) \}$/m)
    expect(rule).toMatch(/^ {10}summary: \S/m)
    expect(rule).toMatch(/^ {10}action: \S/m)
    for (const [open, close] of ['()', '{}', '[]']) {
      const expr = EXPR.exec(rule)?.[1] ?? ''
      expect([alert, expr.split(open ?? '').length]).toEqual([alert, expr.split(close ?? '').length])
    }
  }
})

test('every reason of /readyz is in a rule and in operations.md', async () => {
  const { ILLNESS_REASONS } = await import('../../src/ledger/contract/health.ts')
  for (const reason of ILLNESS_REASONS) {
    expect(rules.get('TousuUnready')).toContain(reason)
    expect(read('operations.md')).toContain(`\`${reason}\``)
  }
})

test('operations.md names every metric', async () => {
  const text = read('operations.md')
  for (const name of await served()) expect(text).toContain(`\`${name}\``)
})
