export const median = (numbers: readonly number[]): number => {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [low = Number.NaN, high = low] = sorted.length % 2 ? [sorted[middle]] : [sorted[middle - 1], sorted[middle]]
  return (low + high) / 2
}

/** What one round cost: microseconds for each thing, by the clock and of the process's CPU (all of its threads). */
export interface Cost {
  wall: number
  cpu: number
}

/** The cost of each of `count` things, in this process. */
export const timed = async (count: number, work: () => Promise<unknown> | unknown): Promise<Cost> => {
  const [began, before] = [performance.now(), process.cpuUsage()]
  await work()
  const { user, system } = process.cpuUsage(before)
  return { wall: ((performance.now() - began) * 1000) / count, cpu: (user + system) / count }
}

/** How far apart the middle half of these lie, as a part of their median. */
const spread = (numbers: readonly number[]): number => {
  const sorted = numbers.toSorted((a, b) => a - b)
  const at = (part: number) => sorted[Math.round(part * (sorted.length - 1))] ?? Number.NaN
  return (at(0.75) - at(0.25)) / median(numbers)
}

/** A line of the report. Medians; a ratio is the median of the rounds' own ratios, so a busy machine hits both sides. */
export interface Row {
  what: string
  /** Microseconds by the clock and of CPU. */
  µs: number
  'CPU µs': number
  'baseline µs'?: number
  'baseline CPU µs'?: number
  /** By the clock: how many times the baseline's speed (`speed`) or cost (`cost`) it has. */
  ratio?: number
  'CPU ratio'?: number
  /** Spread of the baseline: half of what its middle half covers, percent. */
  '± %'?: number
  /** The longest block of the event loop, ms of the main thread's CPU. */
  'block ms'?: number
  /** What one caller in a hundred waits longer than, ms. */
  'p99 ms'?: number
  'max ms'?: number
  'baseline p99 ms'?: number
  /** The most memory that the process had, MB. */
  'RSS MB'?: number
  bytes?: number
  aim: string
}

type Direction = 'speed' | 'cost'

/** Rounds of both in turns. */
export const compare = async (
  { what, aim, rounds, as }: { what: string; aim: string; rounds: number; as: Direction },
  baseline: () => Promise<Cost>,
  ours: () => Promise<Cost>,
): Promise<Row> => {
  const pairs: { base: Cost; own: Cost }[] = []
  for (let i = 0; i < rounds; i++) pairs.push({ base: await baseline(), own: await ours() })
  const of = (pick: (pair: { base: Cost; own: Cost }) => number) => median(pairs.map(pick))
  const ratio = (by: keyof Cost) => of(({ base, own }) => (as === 'speed' ? base[by] / own[by] : own[by] / base[by]))
  return {
    what,
    µs: of(({ own }) => own.wall),
    'CPU µs': of(({ own }) => own.cpu),
    'baseline µs': of(({ base }) => base.wall),
    'baseline CPU µs': of(({ base }) => base.cpu),
    ratio: ratio('wall'),
    'CPU ratio': ratio('cpu'),
    '± %': spread(pairs.map(({ base }) => base.wall)) * 50,
    aim,
  }
}
