import { MINUTE } from '../complaint/time.ts'

/** Days, hours and minutes: each with its word for one, and for several where that differs. */
type Units = readonly (readonly [one: string, many?: string])[]

/** 2 天 3 小时 5 分钟, as number and unit; empty below a minute. */
export const spanOf = (ms: number, units: Units): [amount: number, unit: string][] => {
  const minutes = Math.floor(ms / MINUTE)
  const amounts = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60]
  return amounts.flatMap((amount, i) => {
    const [one = '', many = one] = units[i] ?? []
    return amount > 0 ? [[amount, amount === 1 ? one : many] as [number, string]] : []
  })
}
