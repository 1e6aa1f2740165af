import type { Messages } from '../index.ts'
import { zhTW, zhTWForBuyer } from './complaint.ts'
import { consoleZhTW } from './console.ts'
import { zhTWPage } from './track.ts'

export const zhTWMessages: Messages = { complaint: zhTW, forBuyer: zhTWForBuyer, track: zhTWPage, console: consoleZhTW }
