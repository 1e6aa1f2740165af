import { HOUR } from '../../complaint/time.ts'
import { type Incident, incidentsOf } from '../../complaint/view/incidents.ts'
import type { ComplaintView, StepView } from '../../complaint/view/types.ts'
import type { BuyerAct } from '../../i18n/index.ts'
import { addressed, type PageContext, type TrackContext } from '../../views/context.ts'
import { certificatePage } from '../../views/track/pack.ts'
import { trackingPage } from '../../views/track/page.ts'
import { recordPage } from '../../views/track/record.ts'
import { type StoryName, stories } from './stories.ts'
import { kebab, refused, type Specimen, START, type Story } from './story.ts'

type Extras = (page: PageContext, story: Story) => Partial<TrackContext>

const EVERYBODY = { ended: false, merchants: null, categories: null }
const SHARE_URL = 'https://t.tousu.example/t/q83vASNFZ4mrze8BI0VniavN7'

const track = (name: string, build: () => Story, extras: Extras = () => ({})): Specimen => ({
  room: 'track',
  name: `track-${name}`,
  draw: (page, base) => {
    const story = build()
    const more = extras(page, story)
    const reader = more.scope === 'view' ? page : addressed(page)
    // No polling: a story does not change.
    const context = story.page({ ...reader, base, news: undefined, ...more })
    return String(trackingPage(story.view(context.scope, context.dictionary), context))
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
/** The forms that come when they are asked for, each in a story that has it. */
const ASKED = {
  'human-request': 'fresh',
  nudges: 'fresh',
  escalation: 'offer',
  'conduct-report': 'passedAround',
  'redaction-request': 'fresh',
  'share-links': 'fresh',
} as const satisfies Partial<Record<BuyerAct, StoryName>>
const asked =
  (act: BuyerAct): Extras =>
  () => ({ form: { act, values: {}, problems: [] } })

const offerReplaced: Extras = () => ({
  form: { act: 'offer-acceptance', values: { offer: '1' }, problems: [], refusal: 'offer_changed' },
})

/** A strike that lasts, of which more was said, and a fault that is over. */
export const INCIDENTS: readonly Incident[] = incidentsOf([
  { ...EVERYBODY, incident: 'p', at: START + HOUR, what: '支付系统故障，退款到账会慢。', until: START + 5 * HOUR },
  { ...EVERYBODY, incident: 'p', at: START + 4 * HOUR, what: '支付系统已经恢复。', until: null, ended: true },
  { ...EVERYBODY, incident: 's', at: START + 6 * HOUR, what: '中通快递华东停运。', until: START + 40 * HOUR },
  { ...EVERYBODY, incident: 's', at: START + 30 * HOUR, what: '停运延长，请改用别的快递。', until: START + 90 * HOUR },
])

type Draw = (view: ComplaintView, page: TrackContext) => { toString(): string }
/** What is printed: of the buyer in the third person. */
const paper = (name: string, build: () => Story, draw: Draw): Specimen => ({
  room: 'track',
  name: `track-${name}`,
  draw: (page, base) => {
    const story = build()
    return String(draw(story.view('act', page.dictionary), story.page({ ...page, base, news: undefined })))
  },
})
const missIn = ({ steps }: ComplaintView): StepView => {
  const miss = steps.find(({ kind }) => kind === 'deadline_missed')
  if (!miss) throw new RangeError('nothing was missed')
  return miss
}
/** As long as a real one. */
const JWS = `eyJhbGciOiJFZDI1NTE5In0.${'eyJpYXQiOjE3NjcyMjU2MDAwMDB9'.repeat(9)}.${'q83vEjRWeJCrze8S'.repeat(5)}`

/** The tracking page in every state of a complaint, as its other readers see it, and with forms that were refused. */
export const trackSpecimens: readonly Specimen[] = [
  ...names.map(name => track(kebab(name), stories[name])),
  track('as-shared', stories.shared, asShare),
  track('as-shared-openly', stories.sharedOpenly, asShare),
  track('as-shared-hostile', stories.hostile, asShare),
  track('share-link', stories.shared, () => ({ shared: SHARE_URL })),
  track('halted', stories.offer, () => ({ isHalted: true })),
  track('lost-leaves', () => Object.assign(stories.offer(), { loss: { at: START + HOUR, leaves: 3 } })),
  track('new-device', stories.proven, () => ({ isNewDevice: true })),
  track('incident', stories.returning, () => ({ incidents: INCIDENTS })),
  track('waiting-for-witnesses', stories.offer, () => ({ checked: { witnesses: 0 } })),
  track('form-errors', stories.offer, wrongCounter),
  track('withdrawal-errors', stories.proven, wrongWithdrawal),
  track('evidence-errors', stories.fresh, tooLong),
  track('stale', stories.offer, stale),
  ...Object.entries(ASKED).map(([act, story]) =>
    track(`form-${act}`, stories[story], asked(act as keyof typeof ASKED)),
  ),
  track('offer-changed', stories.offer, offerReplaced),
  paper('record', stories.passedAround, (view, page) => recordPage(view, page, '13812345678')),
  paper('record-masked', stories.outside, (view, page) => recordPage(view, page)),
  paper('certificate', stories.passedAround, (view, page) => certificatePage(view, page, missIn(view), JWS)),
]
