import type { Messages } from '../index.ts'
import { en, enForBuyer } from './complaint.ts'
import { consoleEn } from './console.ts'
import { enPage } from './track.ts'

export const enMessages: Messages = { complaint: en, forBuyer: enForBuyer, track: enPage, console: consoleEn }
