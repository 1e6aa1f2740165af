// Metrics in the text format of Prometheus, version 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats). Labels hold
// route patterns, shard numbers, names of witnesses and codes: never a path, a link or anything that a person typed.

export type Labels = Readonly<Record<string, string | number>>

/** A histogram as plain data, so that it crosses RPC. `counts` has one more than `bounds`: what lies beyond the last. */
export interface HistogramValue {
  /** Upper bounds, inclusive, ascending. */
  bounds: readonly number[]
  counts: readonly number[]
  sum: number
}

/** One metric with all of its series. */
export interface Family {
  name: string
  help: string
  type: 'gauge' | 'counter' | 'histogram'
  samples: readonly { labels?: Labels; value: number | HistogramValue }[]
}

export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/** Families without a sample are left out. */
export const renderMetrics = (families: readonly Family[]): string =>
  families
    .filter(({ samples }) => samples.length > 0)
    .flatMap(({ name, help, type, samples }) => [
      `# HELP ${name} ${help.replace(/[\\\n]/g, escapeCharacter)}`,
      `# TYPE ${name} ${type}`,
      ...samples.flatMap(({ labels = {}, value }) =>
        typeof value === 'number' ? [line(name, labels, value)] : histogramLines(name, labels, value),
      ),
    ])
    .map(each => `${each}\n`)
    .join('')

const histogramLines = (name: string, labels: Labels, { bounds, counts, sum }: HistogramValue): string[] => {
  let total = 0
  const buckets = counts.map((count, i) => {
    total += count
    return line(`${name}_bucket`, { ...labels, le: bounds[i] ?? '+Inf' }, total)
  })
  return [...buckets, line(`${name}_sum`, labels, sum), line(`${name}_count`, labels, total)]
}

const line = (name: string, labels: Labels, value: number): string => {
  const pairs = Object.entries(labels).map(
    ([label, of]) => `${label}="${String(of).replace(/[\\"\n]/g, escapeCharacter)}"`,
  )
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${textOf(value)}`
}

const escapeCharacter = (character: string): string => (character === '\n' ? '\\n' : `\\${character}`)

const textOf = (value: number): string =>
  Number.isFinite(value) || Number.isNaN(value) ? `${value}` : value > 0 ? '+Inf' : '-Inf'

/** Counts observations by size. */
export class Histogram {
  readonly #bounds: readonly number[]
  readonly #counts: number[]
  #sum = 0

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds
    this.#counts = new Array(bounds.length + 1).fill(0)
  }

  observe(value: number): void {
    let i = 0
    while (i < this.#bounds.length && value > (this.#bounds[i] ?? 0)) i++
    this.#counts[i] = (this.#counts[i] ?? 0) + 1
    this.#sum += value
  }

  get value(): HistogramValue {
    return { bounds: this.#bounds, counts: [...this.#counts], sum: this.#sum }
  }
}
