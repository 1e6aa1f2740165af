export const median = (numbers: readonly number[]): number => {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [low = Number.NaN, high = low] = sorted.length % 2 ? [sorted[middle]] : [sorted[middle - 1], sorted[middle]]
  return (low + high) / 2
}

/** Microseconds for each of `count` things. */
export const timed = async (count: number, work: () => Promise<unknown> | unknown): Promise<number> => {
  const began = performance.now()
  await work()
  return ((performance.now() - began) * 1000) / count
}

/** How far apart the middle half of these lie, as a part of their median. */
export const spread = (numbers: readonly number[]): number => {
  const sorted = numbers.toSorted((a, b) => a - b)
  const at = (part: number) => sorted[Math.round(part * (sorted.length - 1))] ?? Number.NaN
  return (at(0.75) - at(0.25)) / median(numbers)
}

export interface Row {
  what: string
  /** Medians, in microseconds. */
  measured: number
  baseline: number
  /** Median of the rounds' own ratios. */
  ratio: number
  aim: string
}
