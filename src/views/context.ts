import type { Incident } from '../complaint/view/incidents.ts'
import type { Dictionary, StepView } from '../complaint/view/types.ts'
import type { Locale } from '../complaint/words.ts'
import type { ConsoleWords, Messages, PageWords } from '../i18n/index.ts'
import { type Brand, type BrandUrls, brandUrls } from './brand.ts'

/** What every page needs: its language, and whether it may point at `/verify`. */
export interface PageContext {
  locale: Locale
  words: PageWords
  dictionary: Dictionary
  /** The dictionary of the buyer's own page, in the second person. */
  forBuyer: Dictionary
  /** What both consoles share. */
  console: ConsoleWords
  verifyUrl?: string | undefined
  /** Addresses of static files by name, where the host serves them under hashed names. */
  files?: Readonly<Record<string, string>> | undefined
  /** Absolute address of the picture that a chat shows beside a link. */
  image?: string | undefined
  /** Of the consoles: whether this browser has the single-letter keys off, and where GET finds this page. */
  shortcuts?: { off: boolean; back: string } | undefined
  /** The operator's own, where it is not ours. */
  brand?: (Brand & { urls: BrandUrls }) | undefined
}

/** The address of a static file. */
export const fileUrl = ({ files }: PageContext, name: string): string => files?.[name] ?? `/${name}`

/** The same page under another name. `at`: where the brand's files are served. */
export const branded = <P extends PageContext>(page: P, brand: Brand, at?: string): P => ({
  ...page,
  words: { ...page.words, brand: brand.names[page.locale] },
  brand: { ...brand, urls: brandUrls(brand, at) },
})

interface PageSettings extends Pick<PageContext, 'verifyUrl' | 'files' | 'image'> {
  brand?: Brand | undefined
}

/**
 * The pages by language, each made when it is first asked for. Throws RangeError for a language that `words` does not have
 * by then.
 */
export const languages = (
  words: Readonly<Partial<Record<Locale, Messages>>>,
  { brand, ...settings }: PageSettings = {},
): ((locale: Locale) => PageContext) => {
  const made: Partial<Record<Locale, PageContext>> = {}
  const inLanguage = (locale: Locale): PageContext => {
    const said = words[locale]
    if (!said) throw new RangeError(`the language ${locale} is not loaded`)
    const page = { ...settings, locale, words: said.track, dictionary: said.complaint, forBuyer: said.forBuyer }
    const whole = { ...page, console: said.console }
    return brand ? branded(whole, brand) : whole
  }
  return locale => {
    made[locale] ??= inLanguage(locale)
    return made[locale]
  }
}

/** A page as the buyer reads it. */
export const addressed = <P extends PageContext>(page: P): P => ({ ...page, dictionary: page.forBuyer })

/** A form that came back: what was typed, by field name, and what was wrong with it. */
export interface FormState {
  values: Readonly<Record<string, string>>
  problems: readonly { field: string; message: string }[]
  /** A refusal code of the complaint, or a sentence of the page's language. */
  refusal?: string | undefined
  /** What happened since its page was drawn, where that is why it came back. */
  changed?: readonly StepView[] | undefined
}

/** Which part of a long timeline a page shows: the steps with a number below `before`, or one step with all it says. */
export interface TimelinePart {
  before?: number | undefined
  step?: number | undefined
}

export interface TrackContext extends PageContext {
  /** Where the page stands, without a slash at its end: `/t/TOKEN`. */
  base: string
  scope: 'act' | 'view'
  /** UTC ms. */
  now: number
  /** Entity tag of what the page waits to hear of; without one it does not ask. */
  news?: string | undefined
  /** Where this server is reached, for those who read the page on paper. */
  site?: string | undefined
  /** The act whose form comes back. */
  form?: (FormState & { act: string }) | undefined
  /** Pagination; absent for the newest steps. */
  part?: TimelinePart | undefined
  /** Long texts are cut, each with the way to the whole. */
  cut?: boolean | undefined
  /** The share link that stands, where one was made. */
  shared?: string | undefined
  /** How many witnesses cosigned a checkpoint that covers the newest step. */
  checked: { witnesses: number }
  /** What signatures of the buyer's device name; absent where nothing is signed. */
  signing?: { c: string; origin: string } | undefined
  /** The ledger takes no new steps at present, and records no deadline. */
  isHalted?: boolean
  /** What the platform says of faults that touch this complaint. */
  incidents?: readonly Incident[]
  /** This browser has not shown to be the buyer's: what can't be undone asks for the phone's last four digits. */
  isNewDevice?: boolean
}
