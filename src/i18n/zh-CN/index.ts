import type { Messages } from '../messages.ts'
import { apiZhCN } from './api.ts'
import { zhCN as complaint, zhCNForBuyer as forBuyer } from './complaint.ts'
import { consoleZhCN } from './console.ts'
import { deskZhCN } from './desk.ts'
import { galleryZhCN } from './gallery.ts'
import { intakeZhCN } from './intake.ts'
import { merchantZhCN } from './merchant.ts'
import { signInZhCN } from './signin.ts'
import { zhCNPage } from './track.ts'

export const zhCN: Messages = {
  complaint,
  forBuyer,
  track: zhCNPage,
  intake: intakeZhCN,
  merchant: merchantZhCN,
  desk: deskZhCN,
  console: consoleZhCN,
  signin: signInZhCN,
  api: apiZhCN,
  gallery: galleryZhCN,
}
