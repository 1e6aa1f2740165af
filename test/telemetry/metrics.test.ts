import { expect, test } from 'vitest'
import { Histogram, renderMetrics } from '../../src/telemetry/metrics.ts'

test('the text format: HELP, TYPE, escaped labels, infinities', () => {
  const text = renderMetrics([
    {
      name: 'a_seconds',
      help: 'Back\\slash\nand line.',
      type: 'gauge',
      samples: [
        { value: 1.5 },
        { labels: { name: 'q"uote\\and\nline', shard: 0 }, value: Number.POSITIVE_INFINITY },
        { labels: { name: 'unknown' }, value: Number.NaN },
      ],
    },
    { name: 'empty', help: '', type: 'counter', samples: [] },
  ])
  expect(text).toBe(
    [
      '# HELP a_seconds Back\\\\slash\\nand line.',
      '# TYPE a_seconds gauge',
      'a_seconds 1.5',
      'a_seconds{name="q\\"uote\\\\and\\nline",shard="0"} +Inf',
      'a_seconds{name="unknown"} NaN',
      '',
    ].join('\n'),
  )
})

test('a histogram counts up to its bounds, cumulatively', () => {
  const times = new Histogram([0.1, 1])
  for (const value of [0.05, 0.1, 0.5, 7]) times.observe(value)
  const text = renderMetrics([
    { name: 't', help: 'T.', type: 'histogram', samples: [{ labels: { route: '/' }, value: times.value }] },
  ])
  expect(text.split('\n').slice(2, -1)).toEqual([
    't_bucket{route="/",le="0.1"} 2',
    't_bucket{route="/",le="1"} 3',
    't_bucket{route="/",le="+Inf"} 4',
    't_sum{route="/"} 7.65',
    't_count{route="/"} 4',
  ])
})
