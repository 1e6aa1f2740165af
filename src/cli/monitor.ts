import { nextDueAt } from '../complaint/deadlines/due-steps.ts'
import { HOUR } from '../complaint/time.ts'
import { LogError } from '../log/error.ts'
import { parsePolicy, type TrustPolicy } from '../log/trust.ts'
import { verifyReceipt } from '../log/verify.ts'
import { needed, only, readArguments } from './arguments.ts'
import { readJson, readText, replaceFile } from './files.ts'
import { CliError, type Command, FINE, type Io, REFUSED, report } from './io.ts'
import { iso } from './monitor/broken.ts'
import type { Case } from './monitor/case.ts'
import { LogClient } from './monitor/log-client.ts'
import { Promised } from './monitor/promised.ts'
import { runMonitor } from './monitor/run.ts'
import { loadState, type Saved, saveState } from './monitor/state.ts'

/** Replays a whole log, or what came since the last run. Exit 0, 1 (the log broke a rule) or 2 (nothing was learned). */
export const monitor: Command = async (args, io) => {
  const { values, positionals } = readArguments(args, {
    policy: { type: 'string' },
    state: { type: 'string' },
    receipt: { type: 'string', multiple: true },
    seen: { type: 'string', multiple: true },
  })
  const client = new LogClient(only(positionals, 'the URL of one log'), io)
  const policy = readText(needed(values.policy, '--policy'))
  const file = needed(values.state, '--state')
  const trust = readTrust(policy, needed(values.policy, '--policy'))
  const saved = loadState(file)
  const promises = await readReceipts(values.receipt ?? [], policy, io)
  if (promises === null) return REFUSED
  const seen = (values.seen ?? []).map(name => ({ name, note: readNote(name) }))
  const outcome = await runMonitor({ client, trust, saved, promises, seen, io }, check => void report([check], io))
  if (outcome.saved === null) return keepEvidence(file, saved, outcome.note, io)
  saveState(file, outcome.saved)
  for (const line of unrecordedDeadlines(outcome.saved.cases, outcome.saved.lastAt)) io.out(`· ${line}`)
  return FINE
}

const readTrust = (text: string, file: string): TrustPolicy => {
  try {
    return parsePolicy(text)
  } catch (error) {
    throw new CliError(`${file}: ${error instanceof LogError ? error.message : 'not a trust policy'}`)
  }
}

/** Null when one of them is no proof of anything. */
const readReceipts = async (files: string[], policy: string, io: Io): Promise<Promised[] | null> => {
  const promises: Promised[] = []
  for (const file of files) {
    const receipt = readJson(file)
    const { checks, ok } = await verifyReceipt(receipt, policy)
    if (!ok) {
      report(
        checks.filter(check => !check.ok).map(check => ({ ...check, name: `${file} ${check.name}` })),
        io,
      )
      return null
    }
    promises.push(new Promised(file, receipt))
  }
  return promises
}

/** A signed note, or the state file of another monitor, whose first line holds one. */
const readNote = (file: string): string => {
  const text = readText(file)
  if (!text.startsWith('{')) return text
  try {
    const { note } = JSON.parse(text.slice(0, text.indexOf('\n')))
    if (typeof note === 'string') return note
  } catch {}
  throw new CliError(`${file}: neither a signed note nor the state of a monitor`)
}

/** The state stays as it was, so that the next run says the same; what the log signed is kept beside it. */
const keepEvidence = (file: string, saved: Saved | null, note: string | null, io: Io): number => {
  const notes = [saved?.note, note].filter(each => each != null)
  replaceFile(`${file}.evidence`, [notes.join('\n')])
  io.out(`· what the log signed is kept in ${file}.evidence`)
  return REFUSED
}

/** A scheduler may be late without harm, since clocks start at the missed instant; one that is off is worth a warning. */
const TOLERATED_MS = HOUR

/** Deadlines that passed in the log's own time, and that no step has recorded. */
const unrecordedDeadlines = (cases: ReadonlyMap<string, Case>, now: number): string[] => {
  const late = [...cases.values()]
    .map(({ complaint }) => nextDueAt(complaint))
    .filter(due => due !== null && due < now - TOLERATED_MS)
  if (late.length === 0) return []
  const oldest = late.reduce((a, b) => Math.min(a ?? 0, b ?? 0)) ?? 0
  return [`${late.length} deadlines passed and are not recorded, the oldest since ${iso(oldest)}`]
}
