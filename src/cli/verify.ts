import { NotComparable, verifyAgainstLog } from '../log/against-log.ts'
import type { Check } from '../log/check.ts'
import { verifyContinuation } from '../log/continuation.ts'
import { verifyPromise, verifyToken } from '../log/promise.ts'
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
  report,
} from './io.ts'
import { LogClient } from './monitor/log-client.ts'
import { comparePage, fetchPage } from './page.ts'
import { readAuthorities, verifyAuthorities } from './tsa.ts'

/**
 * Checks a receipt offline: no network, no database; with `--page` a tracking page against its receipt, with `--log` the
 * receipt against the log as it is served now. Exit 0 or 1, one line a check.
 */
export const verify: Command = async (args, io) => {
  try {
    return (await isGood(args, io)) ? FINE : REFUSED
  } catch (error) {
    // What can't be read is not verified: 1, like any other receipt that can't be believed.
    if (!(error instanceof CliError)) throw error
    io.err(`tousu verify: ${error.message}\n`)
    return REFUSED
  }
}

const isGood = async (args: string[], io: Io): Promise<boolean> => {
  const { values, positionals } = readArguments(args, {
    policy: { type: 'string' },
    earlier: { type: 'string', multiple: true },
    page: { type: 'string' },
    log: { type: 'string' },
    fingerprint: { type: 'string' },
    promise: { type: 'string' },
    certificate: { type: 'string' },
    tsa: { type: 'string' },
  })
  const policy = readText(needed(values.policy, '--policy'))
  // A certificate is a promise that says what its leaf is.
  const given = values.certificate ?? values.promise
  const promise = given === undefined ? undefined : readText(given)
  // A promise without a receipt: it is checked against the log alone.
  if (promise !== undefined && positionals.length === 0 && values.page === undefined) {
    const url = needed(values.log, '--log, or a receipt')
    return report(await verifyPromise({ jws: promise, policy, log: new LogClient(url, io), now: io.now() }), io)
  }
  const page = values.page === undefined ? null : await fetchPage(values.page, io)
  if (page !== null && positionals.length > 0) throw new CliError('--page brings its own receipt: give no other')
  const receipt = page?.receipt ?? readJson(only(positionals, 'one receipt'))
  const { checks } = await verifyReceipt(receipt, policy)
  let good = report(checks, io)
  if (page !== null && isReadable(checks)) good = report(comparePage(page), io) && good
  for (const token of [values.fingerprint, promise])
    if (token !== undefined && isReadable(checks)) good = report([await verifyToken(receipt, token)], io) && good
  if (values.tsa !== undefined && isReadable(checks))
    good = report(verifyAuthorities(receipt, readAuthorities(values.tsa)), io) && good
  for (const file of values.earlier ?? []) good = (await continues(readJson(file), receipt, policy, io)) && good
  if (values.log !== undefined && good) good = report(await againstLog(values.log, receipt, policy, io), io)
  return good
}

const againstLog = async (url: string, receipt: unknown, policy: string, io: Io): Promise<Check[]> => {
  try {
    return await verifyAgainstLog({ receipt, policy, log: new LogClient(url, io), now: io.now() })
  } catch (error) {
    throw error instanceof NotComparable ? new CliError(error.message) : error
  }
}

const isReadable = (checks: readonly Check[]): boolean => checks.every(({ name, ok }) => name !== 'well-formed' || ok)

/** An earlier receipt counts only if it is good itself: an attacker could forge one to accuse the log. */
const continues = async (earlier: unknown, receipt: unknown, policy: string, io: Io): Promise<boolean> => {
  const verified = await verifyReceipt(earlier, policy)
  const failed = verified.checks.filter(check => !check.ok)
  if (failed.length > 0)
    return report(
      failed.map(check => ({ ...check, name: `earlier ${check.name}` })),
      io,
    )
  return report(verifyContinuation(earlier, receipt), io)
}
