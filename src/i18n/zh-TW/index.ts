import type { Messages } from '../messages.ts'
import { apiZhTW } from './api.ts'
import { zhTW as complaint, zhTWForBuyer as forBuyer } from './complaint.ts'
import { consoleZhTW } from './console.ts'
import { deskZhTW } from './desk.ts'
import { galleryZhTW } from './gallery.ts'
import { intakeZhTW } from './intake.ts'
import { merchantZhTW } from './merchant.ts'
import { signInZhTW } from './signin.ts'
import { zhTWPage } from './track.ts'

export const zhTW: Messages = {
  complaint,
  forBuyer,
  track: zhTWPage,
  intake: intakeZhTW,
  merchant: merchantZhTW,
  desk: deskZhTW,
  console: consoleZhTW,
  signin: signInZhTW,
  api: apiZhTW,
  gallery: galleryZhTW,
}
