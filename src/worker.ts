import { edgeServer } from './worker-server.ts'

export { Notes } from './worker-notes.ts'
export { Shard } from './worker-shard.ts'

export default edgeServer()
