// `tousu figures`: the public index recomputed from the log alone, and what the server says held against it.

import { type DayCounts, firstDay, indexOf, type Period, periodOf } from '../complaint/figures/public-index.ts'
import { addCounts, type Counts, dayOf, reckon, type Standing } from '../complaint/figures/reckon.ts'
import { fromBase64url } from '../log/encoding.ts'
import { LogError } from '../log/error.ts'
import { parseNote } from '../log/note.ts'
import { openSigned, requireQuorum, type TrustPolicy } from '../log/trust.ts'
import {
  CliError,
  type Command,
  FINE,
  type Io,
  needed,
  only,
  REFUSED,
  readArguments,
  readText,
  readTrust,
} from './io.ts'
import { BundleLeaves, bundles } from './monitor/bundles.ts'
import { CompactRange } from './monitor/hashing.ts'
import { LogClient } from './monitor/log-client.ts'
import { group, progress, Refusal } from './monitor/report.ts'
import { copyOf, type SkimmedLeaf } from './monitor/skim.ts'

/** A server signs within a second or so what it has counted. */
const TRIES = 8
const WAIT_MS = 1000

/**
 * `tousu figures URL --policy TRUST.txt… [--period 90d]`: URL is the site's; a policy for each log, since one names a public key
 * but once and the logs of a site share theirs. Reads `/index.json`, then every leaf of each log that it
 * names, checked against the signed tree, counts them, and names each difference. Exit 0; 1 where one differs; 2 for trouble.
 */
export const figures: Command = async (args, io) => {
  const { values, positionals } = readArguments(args, {
    policy: { type: 'string', multiple: true },
    period: { type: 'string' },
  })
  const site = only(positionals, 'the URL of one site').replace(/\/+$/, '')
  if (!/^https?:\/\//.test(site) || !URL.canParse(site)) throw new CliError('give the URL of a site, as https://…')
  const files = values.policy ?? []
  needed(files[0], '--policy')
  const trusts = files.map(file => readTrust(readText(file), file))
  return compareFigures({ site, period: readPeriod(values.period ?? '90d'), trusts }, io)
}

/** What `tousu figures` does once its arguments are read. Answers the exit code; throws CliError. */
export const compareFigures = async (
  { site, period, trusts }: { site: string; period: Period; trusts: readonly TrustPolicy[] },
  io: Io,
): Promise<number> => {
  const said = await readIndex(`${site}/index.json?period=${period}`, io)
  const counts = new IndexCounts(period, said.until)
  try {
    for (const log of said.logs) await counts.read(new LogClient(site + log.path, io), log, policyFor(log, trusts), io)
  } catch (error) {
    if (error instanceof CliError || !(error instanceof LogError)) throw error
    io.out(`✗ log: ${error.message}`)
    return REFUSED
  }
  if (!said.whole) io.out('! the server is still counting complaints of before it had figures')
  const differences = [...differencesOf(counts.index(), said)]
  for (const line of differences) io.out(`✗ ${line}`)
  const what = `${group(counts.leaves)} leaves, ${group(counts.merchants)} merchants, ${period} days until ${dateOf(said.until)}`
  io.out(
    differences.length === 0
      ? `✓ figures: all of them follow from the log (${what})`
      : `✗ figures: ${differences.length} differ (${what})`,
  )
  return differences.length === 0 ? FINE : REFUSED
}

/** Trust policy by log origin. Without a match the first one, so that the signature check fails and names the fault. */
const policyFor = ({ origin }: NamedLog, trusts: readonly TrustPolicy[]): TrustPolicy => {
  const [first] = trusts
  const found = trusts.find(({ logs }) => logs.some(({ key }) => key.name === origin)) ?? first
  if (found === undefined) throw new CliError('--policy is missing')
  return found
}

const readPeriod = (text: string): Period => {
  const period = /^\d+d$/.test(text) ? periodOf(text.slice(0, -1)) : undefined
  if (period === undefined) throw new CliError('--period is 30d, 90d or 365d')
  return period
}

interface NamedLog {
  path: string
  origin: string
  size: number
}
type Said = Record<string, unknown> & { until: number; whole: boolean; logs: NamedLog[] }

const readIndex = async (url: string, io: Io): Promise<Said> => {
  const response = await io.fetch(url).catch(() => null)
  if (response?.status !== 200) throw new CliError(`${url}: ${response ? `answers ${response.status}` : 'no answer'}`)
  const said: unknown = await response.json().catch(() => null)
  if (!isIndex(said)) throw new CliError(`${url}: not an index of figures`)
  return said
}

const isIndex = (said: unknown): said is Said =>
  typeof said === 'object' &&
  said !== null &&
  'until' in said &&
  Number.isSafeInteger(said.until) &&
  'logs' in said &&
  Array.isArray(said.logs) &&
  said.logs.length > 0 &&
  said.logs.every(
    log =>
      typeof log?.path === 'string' &&
      /^\/log\/\d{1,3}$/.test(log.path) &&
      typeof log.origin === 'string' &&
      Number.isSafeInteger(log.size),
  ) &&
  new Set(said.logs.map(({ path }) => path)).size === said.logs.length

/** A complaint, and the sums that its leaves are counted in: its day's, which are the platform's, and its merchant's. */
interface Followed {
  standing: Standing
  readonly sums: readonly Counts[]
}

/** Counts over the leaves of all logs. */
class IndexCounts {
  readonly #period: Period
  readonly #until: number
  readonly #days = new Map<string, DayCounts>()
  readonly #before: Counts = {}
  readonly #merchants = new Map<string, Counts>()
  leaves = 0

  constructor(period: Period, until: number) {
    this.#period = period
    this.#until = until
  }

  get merchants(): number {
    return this.#merchants.size
  }

  /** The first `size` leaves of a log, of a tree that its operator signed and the policy's witnesses cosigned. */
  async read(client: LogClient, { path, origin, size }: NamedLog, trust: TrustPolicy, io: Io): Promise<void> {
    const tree = await signedTree(client, size, trust)
    if (tree.origin !== origin) throw new Refusal(`${path} is the log ${tree.origin}, not ${origin}`)
    const complaints = new Map<string, Followed>()
    const range = new CompactRange()
    const bar = progress(io, tree.size)
    try {
      for await (const { bytes, first, end } of bundles(client, 0, tree.size)) {
        const leaves = new BundleLeaves(bytes)
        for (let index = first; index < end; index++) {
          if (index < size) this.#count(leafIn(leaves, index - first, index), complaints)
          range.append(leaves.hash(index - first))
        }
        bar.step(range.size)
      }
    } finally {
      bar.end()
    }
    if (!Buffer.from(fromBase64url(range.root())).equals(Buffer.from(tree.root)))
      throw new Refusal('the leaves served are not those of the signed tree')
    this.leaves += size
  }

  #count(leaf: SkimmedLeaf, complaints: Map<string, Followed>): void {
    if (leaf.c === null) return
    const known = complaints.get(leaf.c)
    const { after, counts } = reckon(known?.standing ?? null, leaf)
    const { sums } = known ?? { sums: this.#sumsOf(dayOf(after), leaf) }
    if (known) known.standing = after
    else complaints.set(copyOf(leaf.c), { standing: after, sums })
    for (const sum of sums) addCounts(sum, counts)
  }

  /** Found once for each complaint, not for each leaf. */
  #sumsOf(day: number, { p }: SkimmedLeaf): Counts[] {
    if (day > this.#until) return []
    if (day < firstDay(this.#until, this.#period)) return [this.#before]
    const category = String(p.category)
    const key = `${day} ${category}`
    const row = this.#days.get(key) ?? { day, category, counts: {} }
    this.#days.set(key, row)
    if (typeof p.m !== 'string') return [row.counts]
    const merchant = this.#merchants.get(p.m) ?? {}
    this.#merchants.set(p.m, merchant)
    return [row.counts, merchant]
  }

  index() {
    return indexOf({
      period: this.#period,
      until: this.#until,
      days: [...this.#days.values()],
      before: this.#before,
      merchants: this.#merchants,
    })
  }
}

const leafIn = (leaves: BundleLeaves, i: number, index: number): SkimmedLeaf => {
  try {
    return leaves.leaf(i)
  } catch {
    throw new Refusal(`leaf ${index} can't be read`)
  }
}

const signedTree = async (client: LogClient, size: number, trust: TrustPolicy) => {
  for (let tries = 1; ; tries++) {
    const note = await client.checkpoint()
    const tree = await openSigned(note, trust)
    await requireQuorum(parseNote(note), trust)
    if (tree.size >= size) return tree
    if (tries === TRIES) throw new Refusal(`the figures are of ${size} leaves, and ${tree.size} are signed`)
    await new Promise(resolve => setTimeout(resolve, WAIT_MS))
  }
}

/** What the server adds to the figures: a name is not in the log. */
const NOT_COUNTED = ['logs', 'whole', 'name']

/** Each figure that the server tells otherwise, by its path; both ways, so that nothing can be left out or made up. */
function* differencesOf(ours: unknown, theirs: unknown, path = ''): Generator<string> {
  if (Object.is(ours, theirs)) return
  if (Array.isArray(ours) && Array.isArray(theirs)) return yield* differencesOf(byKey(ours), byKey(theirs), path)
  if (!isRecord(ours) || !isRecord(theirs)) {
    yield `${path}: ${shown(ours)} by the log, ${shown(theirs)} on the server`
    return
  }
  for (const name of new Set([...Object.keys(ours), ...Object.keys(theirs)]))
    if (!NOT_COUNTED.includes(name))
      yield* differencesOf(ours[name], theirs[name], path === '' ? name : `${path}.${name}`)
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Merchants by tag, steps of the trend by their first day: then one that is missing shifts no other. */
const byKey = (list: readonly unknown[]): Record<string, unknown> =>
  Object.fromEntries(list.map((each, i) => [isRecord(each) ? String(each.m ?? each.from ?? i) : String(i), each]))

/** Printable, and short: it came from the server. */
const shown = (value: unknown): string => {
  if (value === undefined) return 'nothing'
  return JSON.stringify(value)
    .replace(/[^\x20-\x7e]/g, '\ufffd')
    .slice(0, 80)
}

const dateOf = (day: number): string => {
  try {
    return new Date(day * 86_400_000).toISOString().slice(0, 10)
  } catch {
    throw new CliError('the index is of a day beyond the calendar')
  }
}
