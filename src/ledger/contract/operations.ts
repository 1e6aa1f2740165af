/** Contract: every operation of a ledger by name, for hosts that pass calls on. */

import type { Figures } from './figures.ts'
import type { Ledger } from './ledger.ts'
import type { Outbox, Webhooks } from './outbox.ts'
import type { PartyKeys } from './party-keys.ts'
import type { PublishedLog } from './published-log.ts'
import type { Registry } from './registry.ts'
import type { Team } from './team.ts'

/** A `write` may bring an earlier due instant, so a host with an alarm sets it anew after it. */
type Operations<C> = Readonly<Record<keyof C, 'read' | 'write'>>
export type LedgerMethods = Omit<
  Ledger,
  'close' | 'registry' | 'webhooks' | 'outbox' | 'team' | 'log' | 'figures' | 'partyKeys'
>

// Allow-lists: what can be called from elsewhere. The types see to it that no method of a contract is missing.

export const LEDGER: Operations<LedgerMethods> = {
  execute: 'write',
  read: 'read',
  newest: 'read',
  head: 'read',
  inbox: 'read',
  inboxCount: 'read',
  search: 'read',
  tally: 'read',
  loads: 'read',
  tryPolicy: 'read',
  statement: 'read',
  promise: 'read',
  certificate: 'read',
  receipt: 'read',
  find: 'read',
  resend: 'write',
  alerts: 'read',
  resolveAlert: 'read',
  holds: 'read',
  answered: 'read',
  rules: 'read',
  adoptRule: 'read',
  erasedFiles: 'read',
  filesRemoved: 'read',
  tick: 'write',
  readOnly: 'read',
  health: 'read',
  metrics: 'read',
}
const REGISTRY: Operations<Registry> = {
  incidents: 'read',
  declareIncident: 'read',
  shardsOf: 'read',
  addShard: 'read',
  credential: 'read',
  addCredential: 'read',
  keys: 'read',
  revokeKey: 'read',
  openSession: 'read',
  session: 'read',
  people: 'read',
  endSession: 'read',
  endSessionsOf: 'read',
  recordAttempt: 'read',
  clearAttempts: 'read',
}
const WEBHOOKS: Operations<Webhooks> = {
  list: 'read',
  add: 'read',
  remove: 'read',
  rotate: 'read',
  copy: 'read',
  enable: 'write',
  test: 'write',
  deliveries: 'read',
  resend: 'write',
  due: 'read',
  recordResult: 'write',
}
const OUTBOX: Operations<Outbox> = {
  dueMessages: 'read',
  dueRecipients: 'read',
  dueDigest: 'read',
  recordDeliveries: 'write',
  recordReport: 'write',
  acceptedCount: 'read',
  failedMessages: 'read',
  contact: 'read',
  setContact: 'read',
  requestContact: 'write',
  pendingContact: 'read',
  confirmContact: 'read',
  dueCodes: 'read',
  recordCode: 'write',
}
const TEAM: Operations<Team> = {
  texts: 'read',
  saveText: 'read',
  removeText: 'read',
  work: 'read',
  assignees: 'read',
  assign: 'read',
  addNote: 'read',
  removeNote: 'read',
  look: 'read',
}
const LOG: Operations<PublishedLog> = {
  identity: 'read',
  checkpoint: 'read',
  policy: 'read',
  rule: 'read',
  tile: 'read',
  entries: 'read',
  timeStamps: 'read',
  timeStamp: 'read',
}

const PARTY_KEYS: Operations<PartyKeys> = { list: 'read', add: 'write', retire: 'write', require: 'write' }

const FIGURES: Operations<Figures> = { index: 'read', days: 'read', desks: 'read', officers: 'read', merchants: 'read' }

/** The nested contracts, by their name in `Ledger`. */
export const CONTRACTS = {
  registry: REGISTRY,
  webhooks: WEBHOOKS,
  outbox: OUTBOX,
  team: TEAM,
  log: LOG,
  figures: FIGURES,
  partyKeys: PARTY_KEYS,
}
export type ContractName = keyof typeof CONTRACTS

/** Whether there is such an operation, for a name that came from elsewhere. */
export const isOperation = (contract: ContractName | undefined, name: string): boolean =>
  contract === undefined
    ? Object.hasOwn(LEDGER, name)
    : Object.hasOwn(CONTRACTS, contract) && Object.hasOwn(CONTRACTS[contract], name)

/** One operation; `contract` is undefined for the ledger's own. */
export type Call = (contract: ContractName | undefined, name: string, args: unknown[]) => Promise<unknown>

/** A ledger whose every operation is `call`. */
export const ledgerOver = (call: Call, close: () => Promise<void>): Ledger => ({
  ...each<LedgerMethods>(LEDGER, undefined, call),
  registry: each<Registry>(REGISTRY, 'registry', call),
  webhooks: each<Webhooks>(WEBHOOKS, 'webhooks', call),
  outbox: each<Outbox>(OUTBOX, 'outbox', call),
  team: each<Team>(TEAM, 'team', call),
  log: each<PublishedLog>(LOG, 'log', call),
  figures: each<Figures>(FIGURES, 'figures', call),
  partyKeys: each<PartyKeys>(PARTY_KEYS, 'partyKeys', call),
  close,
})

const each = <C extends object>(operations: Operations<C>, contract: ContractName | undefined, call: Call): C =>
  // Cast: the allow-list names every operation of the contract, and nothing else.
  Object.fromEntries(
    Object.keys(operations).map(name => [name, (...args: unknown[]) => call(contract, name, args)]),
  ) as C
