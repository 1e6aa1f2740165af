import type { Messages } from '../index.ts'
import { zhCN, zhCNForBuyer } from './complaint.ts'
import { consoleZhCN } from './console.ts'
import { zhCNPage } from './track.ts'

export const zhCNMessages: Messages = { complaint: zhCN, forBuyer: zhCNForBuyer, track: zhCNPage, console: consoleZhCN }
