// Draws every story as a picture under screenshots/: `node test/views/look.ts [name…]`. For eyes, not a test.
import { mkdirSync, readFileSync } from 'node:fs'
import { demoPage } from '../../src/views/demo.ts'
import { homePage, notFoundPage, phonePage, pickupSentPage, problemPage } from '../../src/views/pages.ts'
import { trackingPage } from '../../src/views/track.ts'
import { launchBrowser, phone } from '../support/browser.ts'
import { demo, messages, stories } from './fixtures.ts'

const css = readFileSync(new URL('../../public/app.css', import.meta.url), 'utf8')
const folder = new URL('../../screenshots/', import.meta.url).pathname
mkdirSync(folder, { recursive: true })

const pages: Record<string, () => string> = {}
for (const [name, story] of Object.entries(stories)) {
  pages[name] = () => {
    const told = story()
    return String(trackingPage(told.view(), told.page()))
  }
}
const { ruled, offer, proven } = stories
pages.view = () => String(trackingPage(ruled().view('view'), ruled().page({ scope: 'view' })))
pages.sharing = () =>
  String(trackingPage(ruled().view(), ruled().page({ shareUrl: 'https://t.example/t/q83vASNFZ4mrze8BI0VniavN7' })))
pages.form = () => {
  const form = {
    act: 'offer-refusal',
    values: { reason: '', 'counter.kind': 'partial_refund', 'counter.amount.value': '一百' },
    problems: [
      { field: 'reason', message: '请写明理由' },
      { field: 'counter.amount.value', message: '金额请写成数字，例如 89.00' },
    ],
  }
  return String(trackingPage(offer().view(), offer().page({ form })))
}
pages.stale = () => {
  const told = offer()
  const form = {
    act: 'escalation',
    values: { reason: '还是不行，颜色差得太多。' },
    problems: [],
    refusal: 'stale',
    changed: told.view().steps.slice(1),
  }
  return String(trackingPage(told.view(), told.page({ form })))
}
pages.withdrawalForm = () => {
  const form = {
    act: 'withdrawal',
    values: { text: '算了' },
    problems: [
      { field: 'reason', message: '请选一项' },
      { field: 'confirm', message: '请勾选' },
    ],
  }
  return String(trackingPage(proven().view(), proven().page({ form })))
}
const context = offer().page()
pages.home = () =>
  String(
    homePage(context, {
      pickup: { values: { code: '7K3M', last4: '5678' }, problems: [{ field: 'code', message: '取件码是 8 位' }] },
    }),
  )
pages.notFound = () => String(notFoundPage(context))
pages.problem = () => String(problemPage(context, { status: 503, title: '系统暂时只能查看', detail: '请稍后再试。' }))
pages.sent = () => String(pickupSentPage(context))
pages.demo = () => String(demoPage(context, demo))
pages.phone = () => String(phonePage(context, messages, '/demo'))

const wanted = process.argv.slice(2)
const browser = await launchBrowser()
for (const scheme of ['light', 'dark'] as const) {
  const tab = await browser.newPage({ viewport: phone, colorScheme: scheme, deviceScaleFactor: 1.5 })
  await tab.route('**/*', route => {
    const { pathname } = new URL(route.request().url())
    if (pathname === '/app.css') return route.fulfill({ contentType: 'text/css', body: css })
    const draw = pages[pathname.slice(1)]
    return draw ? route.fulfill({ contentType: 'text/html', body: draw() }) : route.fulfill({ status: 404, body: '' })
  })
  for (const name of Object.keys(pages)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    await tab.goto(`http://look.test/${name}`)
    await tab.screenshot({ path: `${folder}${name}-${scheme}.png`, fullPage: true })
    await tab.screenshot({ path: `${folder}${name}-${scheme}-first.png` })
    for (const width of [320, 160]) {
      await tab.setViewportSize({ width, height: 740 })
      const wide = await tab.evaluate(() => document.documentElement.scrollWidth)
      if (wide > width) console.log(`${name}: ${wide} px wide at ${width}`)
    }
    await tab.setViewportSize(phone)
  }
  await tab.close()
}
await browser.close()
