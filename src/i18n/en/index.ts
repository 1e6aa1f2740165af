import type { Messages } from '../messages.ts'
import { apiEn } from './api.ts'
import { en as complaint, enForBuyer as forBuyer } from './complaint.ts'
import { consoleEn } from './console.ts'
import { deskEn } from './desk.ts'
import { galleryEn } from './gallery.ts'
import { intakeEn } from './intake.ts'
import { merchantEn } from './merchant.ts'
import { signInEn } from './signin.ts'
import { enPage } from './track.ts'

export const en: Messages = {
  complaint,
  forBuyer,
  track: enPage,
  intake: intakeEn,
  merchant: merchantEn,
  desk: deskEn,
  console: consoleEn,
  signin: signInEn,
  api: apiEn,
  gallery: galleryEn,
}
