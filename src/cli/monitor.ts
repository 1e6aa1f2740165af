import { skippedNote } from '../log/trust.ts'
import { verifyReceipt } from '../log/verify.ts'
import {
  CliError,
  type Command,
  FINE,
  type Io,
  needed,
  only,
  REFUSED,
  readArguments,
  readJson,
  readText,
  readTrust,
  replaceFile,
  report,
} from './io.ts'
import { LogClient } from './monitor/log-client.ts'
import { GivenPromise, Promised } from './monitor/promised.ts'
import { iso } from './monitor/report.ts'
import { runMonitor } from './monitor/run.ts'
import { loadState, type Saved, saveState } from './monitor/state.ts'

/** Replays a whole log, or what came since the last run. Exit 0, 1 (the log broke a rule) or 2 (nothing was learned). */
export const monitor: Command = async (args, io) => {
  const { values, positionals } = readArguments(args, {
    policy: { type: 'string' },
    state: { type: 'string' },
    receipt: { type: 'string', multiple: true },
    promise: { type: 'string', multiple: true },
    seen: { type: 'string', multiple: true },
    full: { type: 'boolean', default: false },
  })
  const client = new LogClient(only(positionals, 'the URL of one log, or the folder of a mirror'), io)
  const policy = readText(needed(values.policy, '--policy'))
  const file = needed(values.state, '--state')
  const trust = readTrust(policy, needed(values.policy, '--policy'))
  if (trust.skipped.length > 0) io.out(`· the trust policy can be read${skippedNote(trust)}`)
  const saved = loadState(file)
  const promises = await readReceipts(values.receipt ?? [], policy, io)
  if (promises === null) return REFUSED
  const seen = (values.seen ?? []).map(readSeen)
  const given = (values.promise ?? []).map(name => new GivenPromise(name, readText(name)))
  const options = { client, trust, saved, promises, given, seen, full: values.full, io }
  const outcome = await runMonitor(options, check => void report([check], io)).catch(error => {
    throw error instanceof CliError && saved !== null ? unanswered(error, saved) : error
  })
  if (outcome.saved === null) return keepEvidence(file, outcome.evidence, io)
  saveState(file, outcome.saved)
  return outcome.isLate ? REFUSED : FINE
}

/** Run after run without an answer is withholding too, so each says since when. */
const unanswered = ({ message }: CliError, { seenAt }: Saved): CliError =>
  new CliError(`${message}; nothing was learned since ${iso(seenAt)}`)

/** Null when one of them is no proof of anything. */
const readReceipts = async (files: string[], policy: string, io: Io): Promise<Promised[] | null> => {
  const promises: Promised[] = []
  for (const file of files) {
    const receipt = readJson(file)
    const { checks } = await verifyReceipt(receipt, policy)
    const failed = checks.filter(check => !check.ok)
    if (failed.some(({ name }) => name !== 'witnesses')) {
      report(
        failed.map(check => ({ ...check, name: `${file} ${check.name}` })),
        io,
      )
      return null
    }
    // A new receipt is signed by the log before the witnesses saw it; what it promises binds the log all the same.
    for (const { detail } of failed) io.out(`· ${file}: ${detail}`)
    promises.push(new Promised(file, receipt))
  }
  return promises
}

/** A signed note, or the state file of another monitor, whose first line holds one. */
const readSeen = (file: string): { name: string; note: string; at: number | null } => {
  const text = readText(file)
  if (!text.startsWith('{')) return { name: file, note: text, at: null }
  try {
    const { note, seenAt } = JSON.parse(text.slice(0, text.indexOf('\n')))
    if (typeof note === 'string' && typeof seenAt === 'number') return { name: file, note, at: seenAt }
  } catch {}
  throw new CliError(`${file}: neither a signed note nor the state of a monitor`)
}

/** The state stays as it was, so that the next run says the same; what the log signed is kept beside it. */
const keepEvidence = (file: string, evidence: readonly string[], io: Io): number => {
  replaceFile(`${file}.evidence`, [evidence.join('\n')])
  io.out(`· what the log signed is kept in ${file}.evidence`)
  return REFUSED
}
