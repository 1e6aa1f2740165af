import type { Ledger } from './ledger/port.ts'
import type { Shard } from './worker-shard.ts'

/** The port over the stub of a shard's object. The stub is asked for only when something is called: looking wakes nothing. */
export const remoteLedger = (shard: () => Shard): Ledger => ({
  execute: order => shard().execute(order),
  read: id => shard().read(id),
  head: id => shard().head(id),
  inbox: query => shard().inbox(query),
  statement: id => shard().statement(id),
  receipt: (id, reader) => shard().receipt(id, reader),
  find: by => shard().find(by),
  credential: keyHash => shard().credential(keyHash),
  addCredential: (keyHash, credential) => shard().addCredential(keyHash, credential),
  resend: id => shard().resend(id),
  tick: () => shard().tick(),
  outbox: limit => shard().outbox(limit),
  delivered: (message, delivery) => shard().delivered(message, delivery),
  readOnly: () => shard().readOnly(),
  log: {
    identity: () => shard().logIdentity(),
    checkpoint: () => shard().logCheckpoint(),
    tile: (level, n, width) => shard().logTile(level, n, width),
    entries: (n, width) => shard().logEntries(n, width),
  },
  close: async () => undefined,
})
