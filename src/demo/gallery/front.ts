import { HOUR, iso } from '../../complaint/time.ts'
import { INTAKE_WORDS } from '../../i18n/areas/intake.ts'
import { entry } from '../../i18n/values.ts'
import { addressed, type FormState, type PageContext } from '../../views/context.ts'
import { type Demo, demoPage, phonePage, refusalsPage, type Sms } from '../../views/demo/page.ts'
import { notFoundPage, pickupSentPage, problemPage } from '../../views/errors.ts'
import { indexPage } from '../../views/figures/page.ts'
import {
  alreadyFiledPage,
  alreadyOpenPage,
  filedPage,
  intakePage,
  type OrderForm,
  shopPage,
  turnedAwayPage,
} from '../../views/intake/form.ts'
import { homePage } from '../../views/intake/home.ts'
import { policyPage } from '../../views/log/rules.ts'
import { verifyPage } from '../../views/log/verify.ts'
import {
  foreignOriginPage,
  type SignInFailure,
  signedOutPage,
  signInFailedPage,
  signInPage,
} from '../../views/signin/page.ts'
import { type Asked, statementPage } from '../../views/third-party/page.ts'
import { type ErasureRow, erasurePage, minePage, type OtherComplaint } from '../../views/track/mine.ts'
import { DEMO_SHOP } from '../stories.ts'
import { nothing, season } from './figures.ts'
import { SURGE, stories } from './stories.ts'
import { policyWith, type Room, refused, SIGNING, type Specimen, START } from './story.ts'

const page = (room: Room, name: string, draw: (page: PageContext) => { toString(): string }): Specimen => ({
  room,
  name,
  draw: context => String(draw(context)),
})

const OTHERS: readonly OtherComplaint[] = [
  { id: '4B9S2WGY7K', url: '/t/y', state: 'fulfilment', due: START + 90 * HOUR, item: '保温杯', category: 'quality' },
  { id: '1ZR7C0VMJ9', url: '/t/z', state: 'platform_review', due: START, item: null, category: 'not_received' },
]

const ERASURES: readonly ErasureRow[] = [
  { id: '7K3M9QXA2P', state: 'closed_ruled', item: '连衣裙 雾蓝 M', category: 'quality', kept: null, from: null },
  {
    id: '7K3M9QXA2Q',
    state: 'closed_confirmed',
    item: null,
    category: 'not_received',
    kept: null,
    from: START + 90 * HOUR,
  },
  { id: '4B9S2WGY7K', state: 'fulfilment', item: '保温杯', category: 'quality', kept: 'open', from: null },
  { id: '1ZR7C0VMJ9', state: 'closed_withdrawn', item: null, category: 'quality', kept: 'legal_hold', from: null },
]

export const demo: Demo = {
  apiKeys: { platform: 'plat_9x0f0c2b1a', merchant: 'shop_3f7a9d21e8' },
  merchantId: 'm-1001',
  stories: ['dress', 'silent', 'passed-around', 'robot', 'refund', 'pressed'].map((name, i) => ({
    name,
    id: `7K3M9QXA2${i}`,
    trackingUrl: `/t/q83vASNFZ4mrze8BI0VniavN${i}`,
    shareUrl: `/t/q83vASNFZ4mrze8BI0VniavM${i}`,
  })),
  now: START,
  phoneUrl: '/demo/phone',
}

export const smsList: Sms[] = [
  {
    to: '138****5678',
    text: '【透诉】商家已提出方案：部分退款。请在11月28日前决定 http://localhost:8787/t/q83vASNFZ4mrze8BI0VniavN7',
    at: START + 5 * HOUR,
    template: 'merchant_responded.offer',
    locale: 'zh-CN',
  },
  {
    to: '12000000001',
    text: '【透诉】您有3件投诉待处理，最早须在11月22日 14:00前处理 http://localhost:8787/merchant',
    at: START + 4 * HOUR,
    template: 'digest.merchant',
    locale: 'zh-CN',
  },
  { to: '138****5678', text: '【透訴】投訴已送出，取件碼7K3M9QXA', at: START, template: 'submitted', locale: 'zh-TW' },
]

const order = (context: PageContext): OrderForm => ({
  page: context,
  ticket: {
    orderId: '2026111900451187',
    item: '法式碎花连衣裙 蓝色 M 码',
    merchantName: '鹿角服饰旗舰店',
    amount: { value: '189.00', currency: 'CNY' },
    phone: '13812345678',
  },
  form: 'eyJhbGciOiJkaXIifQ.gallery',
  permit: 'gallery',
  draft: 'gallery',
  signing: null,
  categories: policyWith().categories,
})
const FILLED = {
  category: 'not_as_described',
  statement: '收到的裙子颜色发灰，腰线也和图片不一样。',
  'remedySought.kind': 'refund',
  'remedySought.amount.value': '189.00',
  name: '王小芳',
}
const form = (name: string, draw: (context: PageContext) => FormState | null): Specimen =>
  page('intake', `intake-${name}`, context => intakePage(order(context), draw(context)))
const wrong = (context: PageContext): FormState =>
  refused(
    context,
    { ...FILLED, category: '', statement: '', 'remedySought.amount.value': '一千' },
    { field: 'category', code: 'choose' },
    { field: 'statement', code: 'required' },
    { field: 'remedySought.amount.value', code: 'amount' },
    { field: 'files', code: 'file_size', max: 10 },
  )
/** As long as a real one. */
const PROMISE = `eyJhbGciOiJFZDI1NTE5In0.${'eyJpYXQiOjE3NjcyMjU2MDAwMDB9'.repeat(7)}.${'q83vEjRWeJCrze8S'.repeat(5)}`

const filed = (name: string, photosKept: boolean): Specimen =>
  page('intake', `intake-${name}`, reader => {
    const context = addressed(reader)
    const view = stories.fresh().view('act', context.dictionary)
    const trackingUrl = '/t/q83vASNFZ4mrze8BI0VniavN7'
    const way = { trackingUrl, pickupCode: '7K3M9QXA', phone: '13812345678', draft: 'gallery' }
    const given = { promise: PROMISE, fingerprint: '7K3M9QXA2B4C6D8E0F1G3H5J7K' }
    const device = { base: trackingUrl, signing: SIGNING }
    return filedPage(context, { ...view, photosKept, ...way, ...given, ...device })
  })

const intakeSpecimens: readonly Specimen[] = [
  form('empty', () => null),
  form('filled', () => ({ values: FILLED, problems: [] })),
  form('errors', wrong),
  form('busy', context => ({ values: FILLED, problems: [], refusal: INTAKE_WORDS[context.locale].busy })),
  filed('filed', true),
  filed('filed-without-photos', false),
  page('intake', 'intake-expired', context => turnedAwayPage(context, 'expired')),
  page('intake', 'intake-foreign', context => turnedAwayPage(context, 'foreign')),
  page('intake', 'intake-already-open', alreadyOpenPage),
  page('intake', 'intake-already-filed', alreadyFiledPage),
  page('intake', 'demo-shop', context => shopPage(context, DEMO_SHOP.merchantName, DEMO_SHOP.orders)),
]

const rules = (context: PageContext) => {
  const policy = policyWith([SURGE])
  return policyPage(policy, policy.hash, context)
}

const FAILURES: readonly SignInFailure[] = ['unreachable', 'stale', 'denied', 'refused', 'no_role']
const homeWrong = (context: PageContext) =>
  homePage(context, {
    pickup: refused(context, { code: '7K3M', last4: '5678' }, { field: 'code', code: 'other' }),
    resend: refused(
      context,
      { orderId: '', phone: '12' },
      { field: 'orderId', code: 'required' },
      { field: 'phone', code: 'phone' },
    ),
  })
const problem = (status: number, code: string) => (context: PageContext) =>
  problemPage(context, { status, title: entry(context.words.refusals.byCode, code) ?? context.words.refusals.other })

const outside = (state: Asked['state']): Asked => ({
  party: 'courier',
  asker: 'merchant',
  category: 'not_received',
  question: '运单 SF1234567890 由谁、在哪里签收？请附签收单。',
  due: iso(START + 120 * HOUR),
  leaf: 'q83vEjRWeJCrze8S'.padEnd(43, 'A'),
  state,
  answer:
    state === 'given'
      ? { at: iso(START + 20 * HOUR), text: '由小区门卫代收，签收单见附件。', files: ['签收单.jpg'] }
      : null,
  incidents: [],
})

const frontSpecimens: readonly Specimen[] = [
  page('front', 'home', context => homePage(context)),
  page('front', 'home-errors', homeWrong),
  page('front', 'home-no-match', context =>
    homePage(context, {
      pickup: { values: { code: '7K3M9QXA', last4: '5678' }, problems: [], refusal: context.words.pages.home.noMatch },
    }),
  ),
  page('front', 'pickup-sent', pickupSentPage),
  page('front', 'not-found', context => notFoundPage(context)),
  page('front', 'problem', problem(429, 'too_many_attempts')),
  page('front', 'unavailable', problem(503, 'unavailable')),
  page('front', 'sign-in', context => signInPage(context, 'provider', '/desk')),
  page('front', 'sign-in-demo', context => signInPage(context, 'demo', '')),
  page('front', 'sign-in-none', context => signInPage(context, 'none', '')),
  page('front', 'signed-out', context => signedOutPage(context, 'https://id.example/logout')),
  page('front', 'foreign-origin', foreignOriginPage),
  ...FAILURES.map(failure =>
    page('front', `sign-in-${failure.replace('_', '-')}`, context => signInFailedPage(context, failure)),
  ),
  page('front', 'verify', context => verifyPage(context, ['/log/0/policy'])),
  page('front', 'demo', context => demoPage(context, demo)),
  page('front', 'phone', context => phonePage(context, smsList, '/demo')),
  page('front', 'phone-empty', context => phonePage(context, [], '/demo')),
  page('front', 'index', context => indexPage({ ...season(), q: '', at: { page: 1, pages: 3 } }, context)),
  page('front', 'index-none', context =>
    indexPage({ ...nothing(), q: '没有的店', at: { page: 1, pages: 1 } }, context),
  ),
  page('front', 'rules', context => rules(context)),
  page('front', 'mine-asked', context => minePage({ ...addressed(context), base: '/t/x' }, null, [])),
  page('front', 'mine', context => minePage({ ...addressed(context), base: '/t/x' }, OTHERS, [])),
  page('front', 'mine-erasure', context => erasurePage({ ...addressed(context), base: '/t/x' }, ERASURES)),
  page('front', 'mine-erasure-asked', context =>
    erasurePage(
      { ...addressed(context), base: '/t/x' },
      ERASURES.map(row => ({ ...row, kept: row.kept ?? 'asked' })),
      [{ id: '7K3M9QXA2P' }, { id: '7K3M9QXA2Q', refusal: 'unknown_step' }],
    ),
  ),
  ...(['awaited', 'given', 'late', 'ended'] as const).map(state =>
    page('front', `statement-${state}`, context => statementPage(outside(state), context, { base: '/s/x' })),
  ),
  page('front', 'statement-errors', context =>
    statementPage(outside('awaited'), context, {
      base: '/s/x',
      form: refused(context, { text: '' }, { field: 'text', code: 'required' }),
    }),
  ),
  page('front', 'refusals', refusalsPage),
]

export const otherSpecimens: readonly Specimen[] = [...intakeSpecimens, ...frontSpecimens]
