import { expect } from 'vitest'

/** The samples of a scrape, by their series as they stand there: `name{label="value"}`. Fails on a line that is neither. */
export const parseMetrics = (text: string): Map<string, number> => {
  const samples = text.split('\n').filter(line => line !== '' && !line.startsWith('#'))
  return new Map(
    samples.map(line => {
      const [, series, value] = /^([a-z_]+(?:\{[^}]*\})?) (\S+)$/.exec(line) ?? []
      expect(series, line).toBeDefined()
      return [series ?? '', value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value)]
    }),
  )
}

/** Names of the metrics of a scrape, as their TYPE lines say. */
export const metricNames = (text: string): string[] =>
  [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name = '']) => name)
