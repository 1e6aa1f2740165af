#!/usr/bin/env node
import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { figures } from './figures.ts'
import { CliError, type Command, type Io, processIo, TROUBLE } from './io.ts'
import { keys } from './keys.ts'
import { mirror } from './mirror.ts'
import { monitor } from './monitor.ts'
import { recover } from './recover.ts'
import { show } from './show.ts'
import { reports, templates } from './sms.ts'
import { verify } from './verify.ts'
import { witness } from './witness.ts'

const COMMANDS: Readonly<Record<string, Command>> = {
  verify,
  show,
  monitor,
  mirror,
  figures,
  witness,
  keys,
  recover,
  reports,
  templates,
}

const USAGE = `Tousu 透诉: check a complaint log without trusting who runs it

tousu verify RECEIPT.json --policy TRUST.txt [--earlier RECEIPT.json]...
    Checks a receipt, offline; against earlier receipts of the same link too. Exit 0 or 1.

tousu verify --page URL --policy TRUST.txt [--earlier RECEIPT.json]...
    Fetches a tracking or share page and its receipt, and holds the page against the leaves.

tousu verify RECEIPT.json --policy TRUST.txt --log URL
    Holds the receipt against the log as it is served now (or a mirror): its tree, its steps, none left out.

tousu verify RECEIPT.json --policy TRUST.txt [--fingerprint CODE] [--promise FILE]
    Holds the code of the first SMS, or the promise given on submission, against the receipt.

tousu verify RECEIPT.json --policy TRUST.txt --tsa CERTIFICATES.pem
    Checks the signatures of its time stamps (RFC 3161) too, up to one of these certificates.

tousu verify --promise FILE --policy TRUST.txt --log URL
    Looks for the promised leaf in the log. Exit 1 where it is not there by the instant promised.
tousu verify --certificate FILE --policy TRUST.txt --log URL (or RECEIPT.json)
    The certificate of a missed deadline: its signature, and that the log's leaf says so.

tousu show RECEIPT.json [--policy TRUST.txt] [--lang zh-CN|zh-TW|en]
    Says the receipt in words: each step, and who must act until when after it.

tousu monitor URL --policy TRUST.txt --state FILE [--full]
              [--receipt RECEIPT.json]... [--promise FILE]... [--seen FILE]...
    Replays the log under URL (https://.../log/0): all of it (--full, and the first time), or what
    came since the last run and some of what is older. --receipt and --promise hold what somebody
    was given against the whole log, --seen a checkpoint or another monitor's state. Exit 0, 1 (the log broke a rule,
    or is late beyond its bound) or 2 (network or file trouble).

tousu mirror URL FOLDER --policy TRUST.txt
    Keeps a complete copy of the log, each leaf checked against the signed tree, for monitors to
    read (tousu monitor FOLDER, or its URL under a web server). Exit 0, 1 or 2, as for monitor.

tousu figures URL --policy TRUST.txt... [--period 30d|90d|365d]
    Recomputes the public index of a site (https://...) from its logs, each of which a policy
    names, and names each figure that differs (docs/figures.md). Exit 0, 1 or 2.

tousu witness --key FILE --state FILE --log VKEY... [--port 7337] [--host 127.0.0.1]
    Cosigns the checkpoints of these logs as long as each continues the one before
    (C2SP tlog-witness: POST /add-checkpoint).

tousu keys witness NAME --out FILE     a witness key: prints the verifier key
tousu keys log ORIGIN --out FILE       a key that signs checkpoints: prints the verifier key
tousu keys secrets [--out FILE] [--origin ORIGIN]    all secrets of a server, as JSON

tousu keys party BASE_URL --out FILE [--name TEXT] [--by FILE]
    a key by which a merchant's or the platform's program signs: makes it, registers it with the API key
    in TOUSU_KEY (an older key, --by, vouches for it) and prints its thumbprint
tousu keys party BASE_URL --retire KEY | --require | --release [--by FILE]
    retires a key; says that nothing unsigned counts as the merchant's, or that it does again

tousu recover DATA_DIR --from COPY...
    Puts leaves back that a restored copy lacks: from mirrors, receipts, newer data folders. With
    the settings of the server, which must be stopped. Exit 0, 1 (some are in no copy) or 2.

tousu recover DATA_DIR [--from COPY...] --declare-lost COUNT [--origin ORIGIN] [--size SIZE]
    Goes on without so many leaves, which nobody has any more, in a successor that says so to
    every reader (docs/operations.md). --size: a tree that a witness has seen, where no copy
    has its checkpoint. A wrong COUNT changes nothing, and the right one is said.

tousu recover BASE_URL [--shard N] [--at INSTANT | --bookmark TEXT]
tousu recover BASE_URL [--shard N] --from COPY... [--declare-lost COUNT ...]
    The same for a shard on Cloudflare; its operator token is in TOUSU_KEY. --at first takes its
    storage back to an instant of the last 30 days (2026-11-28T08:00:00Z); 1 if it now lacks leaves.

tousu reports BASE_URL [--secrets FILE]    where SMS vendors report deliveries (docs/sms.md)
tousu templates BASE_URL --vendor aliyun|tencent --mode link|code [--locale zh-CN]
    the texts to register with an SMS vendor
`

/** Runs one command; its answer is the exit code. Trouble is one line, never a stack. */
export const main = async ([name = '', ...args]: string[], io: Io): Promise<number> => {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!command) {
    io.err(USAGE)
    return ['help', '--help', '-h'].includes(name) ? 0 : TROUBLE
  }
  try {
    return await command(args, io)
  } catch (error) {
    if (!(error instanceof CliError)) throw error
    io.err(`tousu ${name}: ${error.message}\n`)
    return TROUBLE
  }
}

/** Started, and not imported by a test; a link in node_modules/.bin is another name of the same file. */
const isStarted = (): boolean => {
  const [, script] = process.argv
  return script !== undefined && realpathSync(script) === realpathSync(fileURLToPath(import.meta.url))
}

/** Runs the process's own command line. Not process.exit: what was written to a pipe must still go out. */
export const start = async (): Promise<void> => {
  process.exitCode = await main(process.argv.slice(2), processIo())
}

if (isStarted()) await start()
