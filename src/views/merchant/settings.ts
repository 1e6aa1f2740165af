import { merchantWords } from '../../i18n/merchant.ts'
import { type Html, html } from '../html.ts'
import { type Desk, framed } from './frame.ts'

/** Each section stands by itself: what to remind by, the keys of programs, and so on. */
export const settingsPage = (desk: Desk, sections: readonly (Html | null)[]): Html => {
  const { settings } = merchantWords[desk.page.locale]
  return framed(desk, {
    title: settings.title,
    room: 'settings',
    here: '/merchant/settings',
    main: html`<h1>${settings.title}</h1>
${sections}`,
  })
}

/** That something was done, or why not. */
export const settingsNotice = (look: 'good' | 'bad', words: string): Html =>
  html`<p class="notice ${look}" role="${look === 'good' ? 'status' : 'alert'}" tabindex="-1" autofocus>${words}</p>`
