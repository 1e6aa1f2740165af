import { expect, test } from 'vitest'
import { demoPage, phonePage } from '../../src/views/demo/page.ts'
import { notFoundPage, pickupSentPage, problemPage } from '../../src/views/errors.ts'
import { homePage } from '../../src/views/intake/home.ts'
import { demo, smsList, stories } from './fixtures.ts'

const { locale, words, dictionary, forBuyer, console } = stories.fresh().page()
const page = { locale, words, dictionary, forBuyer, console }

test('the front page has both ways back to a complaint', () => {
  const html = String(homePage(page))
  expect(html).toContain('action="/pickup"')
  expect(html).toContain('name="code"')
  expect(html).toContain('name="last4"')
  expect(html).toContain('action="/pickup/resend"')
  expect(html).toContain('name="orderId"')
  expect(html).toContain('name="phone"')
})

test('a pickup form comes back as it was typed', () => {
  const problems = [{ field: 'code', message: '取件码是 8 位' }]
  const html = String(homePage(page, { pickup: { values: { code: '7K"3', last4: '5678' }, problems } }))
  expect(html).toContain('value="7K&quot;3"')
  expect(html).toContain('aria-invalid="true"')
  expect(html).toContain('取件码是 8 位')
})

test('a link that does not open says how to get a new one', () => {
  const html = String(notFoundPage(page))
  expect(html).toContain('href="/#pickup"')
  expect(html).toContain('href="/#resend"')
})

test('errors and answers are escaped', () => {
  const html = String(problemPage(page, { status: 500, title: '<b>', detail: '<script>' }))
  expect(html).toContain('&lt;script&gt;')
  expect(html).not.toContain('<script>')
  expect(String(pickupSentPage(page))).toContain('短信')
})

test('/verify is linked only where there is one', () => {
  expect(String(homePage(page))).not.toContain('/verify')
  expect(String(homePage({ ...page, verifyUrl: '/verify' }))).toContain('href="/verify"')
})

test('the demo lists its stories, keys and a clock', () => {
  const html = String(demoPage(page, demo))
  for (const { trackingUrl, shareUrl } of demo.stories) {
    expect(html).toContain(`href="${trackingUrl}"`)
    expect(html).toContain(`href="${shareUrl}"`)
  }
  expect(html).toContain(demo.apiKeys.merchant)
  expect([...html.matchAll(/name="advanceHours" value="(\d+)"/g)].map(match => match[1])).toEqual([
    '1',
    '24',
    '48',
    '168',
  ])
})

test('the demo phone makes links of addresses and of nothing else', () => {
  const html = String(
    phonePage(page, [
      ...smsList,
      { to: '1', text: 'javascript:alert(1) <a href=x>', at: 0, template: 'link', locale: 'en' },
    ]),
  )
  expect(html).toContain('<a href="http://localhost:8787/t/q83vASNFZ4mrze8BI0VniavN7">')
  expect(html).not.toContain('href="javascript')
  expect(html).not.toContain('<a href=x>')
})
