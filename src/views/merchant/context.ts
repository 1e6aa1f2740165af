import type { ComplaintView } from '../../complaint/view/types.ts'
import { MERCHANT_WORDS } from '../../i18n/areas/merchant.ts'
import type { FormName } from '../../i18n/index.ts'
import type { NextCase, SigningData, TeamPart } from '../console.ts'
import type { FormState, PageContext, TrackContext } from '../context.ts'
import type { Html } from '../html.ts'
import { consolePage, type Person } from '../layout.ts'
import type { AwaitedStatement } from '../third-party/page.ts'

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

/** How far a date may go, ISO 8601, and how many better offers are left. */
export interface Bounds {
  /** Null where nothing can be extended. */
  latestDue: string | null
  /** The latest end that an interim report may set. */
  latestEnd: string
  promiseMoney: string
  promiseGoods: string
  offersLeft: number
}

/** The complaint as the buyer would find it if this were sent; `track` is the buyer's, in the buyer's language. */
export interface Preview {
  view: ComplaintView
  track: TrackContext
}

/** What the page of one complaint shows besides the complaint. */
export interface CaseContext extends Desk {
  /** For what this page shares with the tracking page; its reader is not the buyer. */
  track: TrackContext
  /** The buyer's language, for what is written to the buyer. */
  buyer: PageContext
  bounds: Bounds
  /** What this browser signs with. */
  signing: SigningData | null
  /** What colleagues share about it. */
  team: TeamPart
  /** Statements that the shop asked for outside. */
  awaited: readonly AwaitedStatement[]
  /** Replies and addresses of the shop. */
  saved: readonly SavedText[]
  /** The next complaint that waits for this merchant. */
  next: NextCase | null
  /** The step that was just made, by its seq. */
  done: number | null
  /** The form that comes back, or that was filled from a ready text. */
  form?: (FormState & { name: FormName }) | undefined
  preview?: Preview | undefined
}

export interface SavedText {
  id: number
  kind: 'reply' | 'address'
  name: string
  text: string
}
