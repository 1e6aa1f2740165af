import type { Locale } from '../complaint/words.ts'
import { LANGUAGE_NAMES } from '../i18n/language-names.ts'
import type { PageContext } from './context.ts'
import { type Html, html } from './html.ts'

/** The address of this page in another language. */
const inLanguage = (here: string, locale: Locale): string => {
  const [path = '', query = ''] = here.split('?')
  const parts = query.split('&').filter(part => part !== '' && !part.startsWith('lang='))
  return `${path}?${[...parts, `lang=${locale}`].join('&')}`
}

/** Plain links; the server remembers what they say. `here` is where GET finds this page, or nothing for right here. */
export const languageSwitch = ({ locale, words }: PageContext, here = ''): Html =>
  html`<nav class="langs" aria-label="${words.language}">${LANGUAGE_NAMES.map(
    ([each, name]) =>
      html`<a href="${inLanguage(here, each)}" lang="${each}" hreflang="${each}"${each === locale && html` aria-current="true"`}>${name}</a>`,
  )}</nav>`
