import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { CliError } from './io.ts'

/** Options and the rest, or Trouble in one line. */
export const readArguments = <O extends ParseArgsOptionsConfig>(args: string[], options: O) => {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true })
  } catch (error) {
    throw new CliError(error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'unknown options')
  }
}

export const only = (positionals: readonly string[], what: string): string => {
  const [first, ...more] = positionals
  if (first === undefined || more.length > 0) throw new CliError(`give ${what}, once`)
  return first
}

export const needed = (value: string | undefined, option: string): string => {
  if (value === undefined || value === '') throw new CliError(`${option} is missing`)
  return value
}
