import type { Recovery, RemoteRewound } from '../hosts/node/recover.ts'
import { CliError, type Command, FINE, type Io, REFUSED, readArguments } from './io.ts'

const MOST_NAMED = 10

/**
 * `tousu recover`: leaves that a restored copy lacks come back from others' copies; those that no copy has are declared lost.
 * Of a data folder, or of a shard on Cloudflare by its operator's entry, whose storage it first takes back with --at. Exit 0, 1 (some
 * are in no copy) or 2.
 */
export const recover: Command = async (args, io) => {
  const { values, positionals } = readArguments(args, {
    from: { type: 'string', multiple: true },
    'declare-lost': { type: 'string' },
    origin: { type: 'string' },
    size: { type: 'string' },
    shard: { type: 'string' },
    at: { type: 'string' },
    bookmark: { type: 'string' },
  })
  const [folder, ...more] = positionals
  if (folder === undefined || more.length > 0)
    throw new CliError('give the data folder of the server, or its address, once')
  const leaves = count(values['declare-lost'], '--declare-lost')
  const size = count(values.size, '--size')
  const declared = leaves === undefined ? size && { leaves: -1, size } : { leaves, size, origin: values.origin }
  const { recoverFolder, recoverRemote, RecoveryError, rewindRemote } = await server()
  try {
    if (!/^https?:\/\//.test(folder))
      return tell(await recoverFolder(folder, values.from ?? [], declared || undefined), io)
    const { apiKey: token, fetch } = io
    if (token === undefined) throw new CliError('TOUSU_KEY is missing: the operator token of the server')
    const at = { baseUrl: folder, shard: Number(values.shard ?? 0), token, fetch }
    const { at: instant, bookmark } = values
    const to = instant !== undefined ? { at: instant } : bookmark !== undefined ? { bookmark } : null
    if (to !== null) return tellRewound(await rewindRemote(at, to), io)
    return tell(await recoverRemote(at, values.from ?? [], declared || undefined), io)
  } catch (error) {
    throw error instanceof RecoveryError ? new CliError(error.message) : error
  }
}

const count = (value: string | undefined, name: string): number | undefined => {
  if (value !== undefined && !/^[1-9]\d{0,14}$/.test(value)) throw new CliError(`${name}: give a number of leaves`)
  return value === undefined ? undefined : Number(value)
}

const tell = ({ from, size, missing, unknown, lost, successor }: Recovery, io: Io): number => {
  if (missing.length > 0 && successor === null) {
    io.out(`✗ no copy has ${named(missing)}: nothing was changed`)
    io.out(`· once nobody has them, --declare-lost ${lost} goes on without them, in a successor of this log`)
    return REFUSED
  }
  if (successor === null || size > from)
    io.out(
      size === from
        ? `✓ all ${size} leaves that were signed are there`
        : `✓ ${size - from} leaves came back: ${from} to ${size - 1}`,
    )
  if (successor !== null) {
    io.out(`✓ ${lost} leaves are declared lost: the log goes on as ${successor.origin}, which says so`)
    io.out('· its key, for the trust policies of witnesses and monitors, beside the one they have:')
    io.out(`log ${successor.verifierKey}`)
  }
  if (unknown.length === 0) return FINE
  io.out(`✗ no copy says whose these complaints are, so they have no page; a receipt of each would: ${named(unknown)}`)
  return REFUSED
}

const tellRewound = ({ undo, size, readOnly }: RemoteRewound, io: Io): number => {
  io.out(`✓ the shard has ${size} leaves, as it had then; --bookmark ${undo} takes it back to where it was`)
  if (readOnly === null) return FINE
  io.out(`✗ it takes no writes: ${readOnly}`)
  io.out('· put back what others have with --from, or declare it lost')
  return REFUSED
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
