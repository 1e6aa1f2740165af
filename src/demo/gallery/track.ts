import type { PageContext, TrackContext } from '../../views/context.ts'
import { trackingPage } from '../../views/track/page.ts'
import { kebab, refused, type Specimen } from './specimen.ts'
import { type StoryName, stories } from './stories.ts'
import type { Story } from './story.ts'

type Extras = (page: PageContext, story: Story) => Partial<TrackContext>

const SHARE_URL = 'https://t.tousu.example/t/q83vASNFZ4mrze8BI0VniavN7'

const track = (name: string, build: () => Story, extras: Extras = () => ({})): Specimen => ({
  room: 'track',
  name: `track-${name}`,
  draw: (page, base) => {
    const story = build()
    // No polling: a story does not change.
    const context = story.page({ ...page, base, news: undefined, ...extras(page, story) })
    return String(trackingPage(story.view(context.scope, page.dictionary), context))
  },
})

const asShare: Extras = () => ({ scope: 'view' })
const names = Object.keys(stories) as StoryName[]

const wrongCounter: Extras = page => ({
  form: {
    act: 'offer-refusal',
    ...refused(
      page,
      { reason: '', 'counter.kind': 'partial_refund', 'counter.amount.value': '一百' },
      { field: 'reason', code: 'required' },
      { field: 'counter.amount.value', code: 'amount' },
    ),
  },
})
const wrongWithdrawal: Extras = page => ({
  form: {
    act: 'withdrawal',
    ...refused(page, { text: '算了' }, { field: 'reason', code: 'choose' }, { field: 'confirm', code: 'tick' }),
  },
})
const tooLong: Extras = page => ({
  form: {
    act: 'evidence',
    ...refused(
      page,
      { text: '吊牌还在。'.repeat(60) },
      { field: 'text', code: 'too_long', max: 200 },
      { field: 'files', code: 'file_type' },
    ),
  },
})
const stale: Extras = (page, story) => ({
  form: {
    act: 'escalation',
    values: { reason: '还是不行，颜色差得太多。' },
    problems: [],
    refusal: 'stale',
    changed: story.view('act', page.dictionary).steps.slice(1),
  },
})
const offerReplaced: Extras = () => ({
  form: { act: 'offer-acceptance', values: { offer: '1' }, problems: [], refusal: 'offer_changed' },
})

/** The tracking page in every state of a complaint, as its other readers see it, and with forms that were refused. */
export const trackSpecimens: readonly Specimen[] = [
  ...names.map(name => track(kebab(name), stories[name])),
  track('as-shared', stories.shared, asShare),
  track('as-shared-openly', stories.sharedOpenly, asShare),
  track('as-shared-hostile', stories.hostile, asShare),
  track('share-link', stories.shared, () => ({ shareUrl: SHARE_URL })),
  track('halted', stories.offer, () => ({ isHalted: true })),
  track('new-device', stories.proven, () => ({ isNewDevice: true })),
  track('waiting-for-witnesses', stories.offer, () => ({ checked: { witnesses: 0 } })),
  track('form-errors', stories.offer, wrongCounter),
  track('withdrawal-errors', stories.proven, wrongWithdrawal),
  track('evidence-errors', stories.fresh, tooLong),
  track('stale', stories.offer, stale),
  track('offer-changed', stories.offer, offerReplaced),
]
