// Every sentence that people read on pages, by area. A missing key is a compile error in each language.

import type { Dictionary } from '../complaint/view/dictionary.ts'
import type { ConsoleWords } from './zh-CN/console.ts'
import type { MerchantWords } from './zh-CN/merchant.ts'
import type { PageWords } from './zh-CN/track.ts'

export type { BuyerAct } from './zh-CN/acts.ts'
export type { ConsoleWords } from './zh-CN/console.ts'
export type { DeskAct, DeskWords } from './zh-CN/desk.ts'
export type { IntakeWords } from './zh-CN/intake.ts'
export type { FormName, MerchantWords } from './zh-CN/merchant.ts'
export type { SignInWords } from './zh-CN/signin.ts'
export type { PageWords } from './zh-CN/track.ts'
export type HookWords = MerchantWords['webhooks']

/** One language. SMS texts and the page `/verify` stand apart (`<language>/sms.ts`, `<language>/verify.ts`): who sends or verifies needs nothing else. */
export interface Messages {
  /** Roles, states, kinds of steps and the sentences about a complaint. */
  complaint: Dictionary
  /** The same in the second person, for the buyer's own page. */
  forBuyer: Dictionary
  /** The buyer's pages, and what all pages share. */
  track: PageWords
  /** What both consoles share. */
  console: ConsoleWords
}
