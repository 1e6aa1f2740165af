import { workerServer } from './server.ts'

export { Notes } from './checkpoint-store.ts'
export { Shard } from './shard.ts'

export default workerServer()
