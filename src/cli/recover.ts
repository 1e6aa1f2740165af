import { readArguments } from './arguments.ts'
import { CliError, type Command, FINE, REFUSED } from './io.ts'

const MOST_NAMED = 10

/** `tousu recover`: leaves that a restored copy lacks come back from others' copies. Exit 0, 1 (some are in no copy) or 2. */
export const recover: Command = async (args, io) => {
  const { values, positionals } = readArguments(args, { from: { type: 'string', multiple: true } })
  const [folder, ...more] = positionals
  if (folder === undefined || more.length > 0) throw new CliError('give the data folder of the server, once')
  const { recoverFolder, RecoveryError } = await server()
  try {
    const { from, size, missing, unknown } = await recoverFolder(folder, values.from ?? [])
    if (missing.length > 0) {
      io.out(`✗ no copy has ${named(missing)}: nothing was changed`)
      return REFUSED
    }
    io.out(
      size === from
        ? `✓ all ${size} leaves that were signed are there`
        : `✓ ${size - from} leaves came back: ${from} to ${size - 1}`,
    )
    if (unknown.length === 0) return FINE
    io.out(
      `✗ no copy says whose these complaints are, so they have no page; a receipt of each would: ${named(unknown)}`,
    )
    return REFUSED
  } catch (error) {
    throw error instanceof RecoveryError ? new CliError(error.message) : error
  }
}

const named = (all: readonly (number | string)[]): string =>
  all.length > MOST_NAMED
    ? `${all.slice(0, MOST_NAMED).join(', ')} and ${all.length - MOST_NAMED} more`
    : all.join(', ')

/** The package of the auditors' tools has no server in it. */
const server = async () => {
  try {
    return await import('../hosts/node/recover.ts')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')
      throw new CliError('needs the server: run it in its folder')
    throw error
  }
}
