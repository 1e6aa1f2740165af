// Every sentence that people read on pages, by area. A missing key is a compile error in each language. `Messages` are those of the
// buyer's pages and what all pages share: a language is one module (`<language>/index.ts`), so that an isolate of the Worker loads the
// language that it is asked for. An area that loads with its page has one module for all languages (`DESK_WORDS[locale]` of
// `areas/desk.ts`), and its sentences stand there too where the three languages fit in one file: gzip finds what the texts of a
// sentence share within 32 KiB.

import type { Dictionary } from '../complaint/view/types.ts'
import type { Locale } from '../complaint/words.ts'
import type { ConsoleWords } from './zh-CN/index.ts'
import type { MerchantWords } from './zh-CN/merchant.ts'
import type { PageWords } from './zh-CN/track.ts'

export type { IntakeWords } from './areas/intake.ts'
export type { SignInWords } from './areas/signin.ts'
export type { BuyerAct } from './zh-CN/acts.ts'
export type { DeskAct, DeskWords } from './zh-CN/desk.ts'
export type { ConsoleWords } from './zh-CN/index.ts'
export type { FormName, MerchantWords } from './zh-CN/merchant.ts'
export type { PageWords } from './zh-CN/track.ts'
export type HookWords = MerchantWords['webhooks']

/** One language. SMS texts (`sms.ts`) and the page `/verify` (`<language>/verify.ts`) stand apart: who sends or verifies needs nothing else. */
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

/** Each language by its own name, in the order of the switch. */
export const LANGUAGE_NAMES: readonly (readonly [locale: Locale, name: string])[] = [
  ['zh-CN', '简体'],
  ['zh-TW', '繁體'],
  ['en', 'English'],
]
