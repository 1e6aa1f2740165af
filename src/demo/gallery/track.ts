import type { PageContext, TrackContext } from '../../views/context.ts'
import { trackingPage } from '../../views/track/page.ts'
import { back, kebab, type Specimen } from './specimen.ts'
import { type StoryName, stories } from './stories.ts'
import type { Story } from './story.ts'

type More = (page: PageContext, told: Story) => Partial<TrackContext>

const SHARE_URL = 'https://t.tousu.example/t/q83vASNFZ4mrze8BI0VniavN7'

const track = (name: string, tell: () => Story, more: More = () => ({})): Specimen => ({
  room: 'track',
  name: `track-${name}`,
  draw: (page, base) => {
    const told = tell()
    // Nothing comes while one looks: the page asks for no news.
    const context = told.page({ ...page, base, news: undefined, ...more(page, told) })
    return String(trackingPage(told.view(context.scope, page.dictionary), context))
  },
})

const asShare: More = () => ({ scope: 'view' })
const names = Object.keys(stories) as StoryName[]

const wrongCounter: More = page => ({
  form: {
    act: 'offer-refusal',
    ...back(
      page,
      { reason: '', 'counter.kind': 'partial_refund', 'counter.amount.value': '一百' },
      { field: 'reason', code: 'required' },
      { field: 'counter.amount.value', code: 'amount' },
    ),
  },
})
const wrongWithdrawal: More = page => ({
  form: {
    act: 'withdrawal',
    ...back(page, { text: '算了' }, { field: 'reason', code: 'choose' }, { field: 'confirm', code: 'tick' }),
  },
})
const tooLong: More = page => ({
  form: {
    act: 'evidence',
    ...back(
      page,
      { text: '吊牌还在。'.repeat(60) },
      { field: 'text', code: 'too_long', max: 200 },
      { field: 'files', code: 'file_type' },
    ),
  },
})
const stale: More = (page, told) => ({
  form: {
    act: 'escalation',
    values: { reason: '还是不行，颜色差得太多。' },
    problems: [],
    refusal: 'stale',
    changed: told.view('act', page.dictionary).steps.slice(1),
  },
})
const replaced: More = () => ({
  form: { act: 'offer-acceptance', values: { offer: '1' }, problems: [], refusal: 'offer_changed' },
})

/** The buyer's page at every point of a complaint, as its other readers see it, and with forms that came back. */
export const trackSpecimens: readonly Specimen[] = [
  ...names.map(name => track(kebab(name), stories[name])),
  track('as-shared', stories.shared, asShare),
  track('as-shared-openly', stories.sharedOpenly, asShare),
  track('as-shared-hostile', stories.hostile, asShare),
  track('share-link', stories.shared, () => ({ shareUrl: SHARE_URL })),
  track('waiting-for-witnesses', stories.offer, () => ({ checked: { witnesses: 0 } })),
  track('form-errors', stories.offer, wrongCounter),
  track('withdrawal-errors', stories.proven, wrongWithdrawal),
  track('evidence-errors', stories.fresh, tooLong),
  track('stale', stories.offer, stale),
  track('offer-changed', stories.offer, replaced),
]
