import { parseCheckpoint } from '../log/checkpoint.ts'
import { toBase64url } from '../log/encoding.ts'
import { parseNote } from '../log/note.ts'
import { type Clock, systemClock } from './clock.ts'
import { ComplaintBook } from './complaint-book.ts'
import { Executor } from './executor.ts'
import { Finder } from './finder.ts'
import { GroupCommit, together } from './group-commit.ts'
import type { Host } from './host.ts'
import { LogWriter } from './log-writer.ts'
import { Mailbox } from './mailbox.ts'
import { KEY_LEAF, openLog } from './opening.ts'
import { publishedLog, tileReader } from './published-log.ts'
import { Receipts } from './receipts.ts'
import { type Secrets, tagger } from './secrets.ts'
import { type Published, Signer } from './signer.ts'
import { openStore, type Store } from './store.ts'

export interface LedgerOptions {
  host: Host
  secrets: Secrets
  /** The policy document in force; new complaints are pinned to it. */
  policy: unknown
  /** Names the log for ever; read when it is opened, from leaf 0 afterwards. */
  origin: string
  shard?: number
  clock?: Clock
  signEveryMs?: number
}

/** Opens the log and puts the parts of a ledger together. Throws WrongLog. */
export const assemble = (options: LedgerOptions) => {
  const { host, secrets, policy, origin, shard = 0, clock = systemClock, signEveryMs: everyMs = 1000 } = options
  const store = openStore(host.db)
  const last = lastPublished(store)
  const writer = new LogWriter(store, clock, last?.at ?? 0)
  const log = openLog({ host, store, writer, secrets, origin, policy })
  const { key } = log
  const signer = new Signer({ host, store, writer, clock, origin: log.origin, key, sign: secrets.note, everyMs }, last)
  const book = new ComplaintBook(store, log.policies)
  const tag = tagger(secrets.tags)
  const executor = new Executor({ store, writer, book, secrets, tag, shard, policy: log.inForce })
  const published = { store, signer, readTile: tileReader(store, writer), origin: log.origin }
  return {
    readOnly: log.readOnly,
    host,
    store,
    clock,
    shard,
    signer,
    book,
    executor,
    commit: new GroupCommit(host, together(book, writer)),
    mailbox: new Mailbox(store, executor),
    finder: new Finder(store, book, tag),
    receipts: new Receipts({ ...published, book, key: secrets.statement, keyLeaf: KEY_LEAF }),
    log: publishedLog({ ...published, key, statementKey: secrets.statement }),
  }
}

const lastPublished = (store: Store): Published | null => {
  const last = store.lastCheckpoint.get()
  return last ? { ...last, root: toBase64url(parseCheckpoint(parseNote(last.note).text).root) } : null
}
