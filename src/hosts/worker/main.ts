import { edgeServer } from './server.ts'

export { Notes } from './checkpoint-store.ts'
export { Shard } from './shard.ts'

export default edgeServer()
