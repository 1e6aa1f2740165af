import { verifyContinuation } from '../log/continuation.ts'
import { verifyReceipt } from '../log/verify.ts'
import { needed, only, readArguments } from './arguments.ts'
import { readJson, readText } from './files.ts'
import { CliError, type Command, FINE, type Io, REFUSED, report } from './io.ts'

/** Checks a receipt offline: no network, no database. Exit 0 or 1, one line a check. */
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
  })
  const policy = readText(needed(values.policy, '--policy'))
  const receipt = readJson(only(positionals, 'one receipt'))
  let good = report((await verifyReceipt(receipt, policy)).checks, io)
  for (const file of values.earlier ?? []) good = (await continues(readJson(file), receipt, policy, io)) && good
  return good
}

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
