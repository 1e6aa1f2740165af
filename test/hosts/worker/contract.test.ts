import { ledgerContract } from '../../ledger/contract.ts'
import { openOnEdge } from './edge-host.ts'

ledgerContract('Durable Object', openOnEdge)
