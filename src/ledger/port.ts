// The ledger's port: the five contracts under one import path.

export type * from './contract/ledger.ts'
export type * from './contract/outbox.ts'
export type * from './contract/published-log.ts'
export type * from './contract/registry.ts'
export type * from './contract/webhooks.ts'
