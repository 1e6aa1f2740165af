import { afterAll, beforeAll } from 'vitest'
import { ledgerContract } from '../../../ledger/contract.ts'
import { type Postgres, startPostgres } from '../../../support/postgres.ts'
import { openOnCommitLog } from './fixture.ts'

let postgres: Postgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres.stop())

ledgerContract(
  'Node over PostgreSQL',
  openOnCommitLog(() => postgres.url),
)
