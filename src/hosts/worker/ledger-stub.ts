import type { Ledger } from '../../ledger/port.ts'
import { Problem } from '../../routes/problem.ts'
import type { LedgerObject } from './ledger-object.ts'

/** What an object with a ledger answers to. */
type LedgerStub = Omit<LedgerObject<unknown>, 'ledger' | 'changed' | 'ctx' | 'env'>

/**
 * The port over the stub of a shard's object. The stub is asked for only when something is called (looking wakes
 * nothing), and anew each time, since one that saw an error stays broken. `alongside` is done with every call.
 */
export const ledgerStub = (shard: () => LedgerStub, alongside?: () => Promise<void>): Ledger => {
  const call = <T>(method: (stub: LedgerStub) => Promise<T>) =>
    answered(async () => (await Promise.all([method(shard()), alongside?.()]))[0])
  return {
    execute: order => call(stub => stub.execute(order)),
    read: id => call(stub => stub.read(id)),
    head: id => call(stub => stub.head(id)),
    inbox: query => call(stub => stub.inbox(query)),
    statement: id => call(stub => stub.statement(id)),
    receipt: (id, reader) => call(stub => stub.receipt(id, reader)),
    find: by => call(stub => stub.find(by)),
    resend: id => call(stub => stub.resend(id)),
    alerts: limit => call(stub => stub.alerts(limit)),
    resolveAlert: (id, officer) => call(stub => stub.settleAlert(id, officer)),
    statistics: (merchant, since) => call(stub => stub.figures(merchant, since)),
    setContact: (party, phone) => call(stub => stub.setContact(party, phone)),
    contact: party => call(stub => stub.contact(party)),
    tick: () => call(stub => stub.tick()),
    dueMessages: limit => call(stub => stub.outbox(limit)),
    recordDelivery: (message, delivery) => call(stub => stub.delivered(message, delivery)),
    dueDigests: () => call(stub => stub.digests()),
    recordReport: report => call(stub => stub.reported(report)),
    acceptedCount: (reader, since) => call(stub => stub.sentTo(reader, since)),
    failedMessages: limit => call(stub => stub.troubled(limit)),
    readOnly: () => call(stub => stub.readOnly()),
    registry: {
      credential: keyHash => call(stub => stub.credential(keyHash)),
      addCredential: (keyHash, credential) => call(stub => stub.addCredential(keyHash, credential)),
      keys: merchant => call(stub => stub.keys(merchant)),
      revokeKey: (merchant, id) => call(stub => stub.revokeKey(merchant, id)),
      openSession: (cookieHash, session) => call(stub => stub.openSession(cookieHash, session)),
      session: (cookieHash, now) => call(stub => stub.session(cookieHash, now)),
      endSession: cookieHash => call(stub => stub.endSession(cookieHash)),
      endSessionsOf: subject => call(stub => stub.endSessionsOf(subject)),
      recordAttempt: (what, limit, lockMs) => call(stub => stub.mayTry(what, limit, lockMs)),
      clearAttempts: what => call(stub => stub.forgiveTries(what)),
    },
    webhooks: {
      list: merchant => call(stub => stub.listHooks(merchant)),
      add: (merchant, url) => call(stub => stub.addHook(merchant, url)),
      remove: (merchant, id) => call(stub => stub.removeHook(merchant, id)),
      rotate: (merchant, id) => call(stub => stub.rotateHook(merchant, id)),
      enable: (merchant, id) => call(stub => stub.enableHook(merchant, id)),
      deliveries: (merchant, id, limit) => call(stub => stub.hookDeliveries(merchant, id, limit)),
      resend: (merchant, id, delivery) => call(stub => stub.resendHook(merchant, id, delivery)),
      due: limit => call(stub => stub.dueHooks(limit)),
      recordResult: (delivery, result) => call(stub => stub.settledHook(delivery, result)),
    },
    log: {
      identity: () => call(stub => stub.logIdentity()),
      checkpoint: () => call(stub => stub.logCheckpoint()),
      tile: (level, n, width) => call(stub => stub.logTile(level, n, width)),
      policy: hash => call(stub => stub.logDeadlines(hash)),
      entries: (n, width) => call(stub => stub.logEntries(n, width)),
    },
    close: async () => undefined,
  }
}

/**
 * An object that fails, is evicted in mid-use or cannot be reached has answered nothing: whether the step stands is
 * not known here, so the caller is told to try again. Never a success, and never what the error said.
 */
const answered = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch {
    console.error('a shard did not answer')
    throw new Problem('unavailable')
  }
}
