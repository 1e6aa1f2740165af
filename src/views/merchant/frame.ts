import { MERCHANT_WORDS } from '../../i18n/areas/merchant.ts'
import type { PageContext } from '../context.ts'
import type { Html } from '../html.ts'
import { consolePage, type Person } from '../layout.ts'

/** What every page of the console needs. */
export interface Desk {
  page: PageContext
  person: Person
  /** UTC ms. */
  now: number
}

type Room = 'inbox' | 'figures' | 'settings'
interface Framed {
  title: string
  room: Room
  main: Html
  /** Where the language switch leads; the page's own address if it was not got by GET. */
  here?: string
}

const ROOMS: readonly (readonly [Room, string])[] = [
  ['inbox', '/merchant'],
  ['figures', '/merchant/figures'],
  ['settings', '/merchant/settings'],
]

export const framed = ({ page, person }: Desk, { room, ...content }: Framed): Html => {
  const { nav } = MERCHANT_WORDS[page.locale]
  const entries = ROOMS.map(([name, href]) => ({ name, href, label: nav[name] }))
  return consolePage({ ...content, page, person, current: room, nav: entries })
}
