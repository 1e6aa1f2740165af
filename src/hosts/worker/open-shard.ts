// What a shard's object needs once it is opened, as one module: the isolates that only answer requests never load it.

export { objectFileStore } from '../../files/object-store.ts'
export { DemoClock } from '../../ledger/clock.ts'
export { LocalLedger } from '../../ledger/local-ledger.ts'
export { demoPhone } from '../../notify/sms/demo-phone.ts'
export { failoverSmsProvider } from '../../notify/sms/vendors/failover.ts'
export { removeErasedFiles } from '../../routes/evidence.ts'
export { createDeliveries } from '../deliveries.ts'
export { bucketStore } from './file-store.ts'
export { openWorkerHost } from './sqlite.ts'
