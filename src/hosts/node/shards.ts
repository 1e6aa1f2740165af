// Shards on Node: one ledger each, with its own folder, log and, on a commit log, its own rows and lease. Shard 0 lies where a
// house of one ledger has it, so that raising the number moves nothing.

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** The data folder holds ledgers that these settings would leave out: their buyers' links would be dead. */
export class FewerShards extends Error {}

const FOLDER = 'shards'

/** Numbers, folders and origins of the ledgers of a data folder. Throws FewerShards. */
export const shardsOf = ({
  dataDir,
  origin,
  shards = 1,
}: {
  dataDir: string
  origin: string
  shards?: number | undefined
}) => {
  const folder = join(dataDir, FOLDER)
  const most = Math.max(0, ...(existsSync(folder) ? readdirSync(folder).map(Number).filter(Number.isInteger) : []))
  if (most >= shards)
    throw new FewerShards(`the data folder has a shard ${most}: SHARDS is ${shards}, and can't be lowered`)
  return Array.from({ length: shards }, (_, shard) => ({
    shard,
    folder: shard === 0 ? dataDir : join(folder, String(shard)),
    origin: originOf(origin, shard),
  }))
}

/** `t.example.cn/log/0` makes `t.example.cn/log/3`. */
const originOf = (origin: string, shard: number): string =>
  shard === 0 ? origin : `${origin.replace(/\/0$/, '')}/${shard}`
