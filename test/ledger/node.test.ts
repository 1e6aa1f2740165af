import { ledgerContract } from './contract.ts'
import { openOnNode } from './node-host.ts'

ledgerContract('Node', openOnNode)
