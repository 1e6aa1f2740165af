// Thread of `WalCheckpointer`: copies the write-ahead log into the database, by a connection of its own.

import { parentPort, workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'

const sqlite = new Database(workerData.file, { fileMustExist: true })

parentPort?.on('message', () => {
  try {
    sqlite.pragma('wal_checkpoint(PASSIVE)')
  } finally {
    parentPort?.postMessage('done')
  }
})
