import { expect, test } from 'vitest'
import { useServer } from '../support/server.ts'
import * as scenes from './scenes.ts'

const house = useServer()
const languageOf = (page: string) => /<html lang="([^"]+)"/.exec(page)?.[1]

test('the switch speaks at once and is remembered, on every page', async () => {
  const { room } = await house.submit()
  for (const path of ['/', room, '/t/forged', '/nothing']) {
    const page = await house.get(`${path}?lang=en`, { Accept: 'text/html' })
    expect([path, languageOf(page.text)]).toEqual([path, 'en'])
    const cookie = page.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/^lang=en; .*Path=\//)
    const later = await house.get(path, { Accept: 'text/html', Cookie: 'lang=en', 'Accept-Language': 'zh-CN' })
    expect([path, languageOf(later.text)]).toEqual([path, 'en'])
    expect([path, later.headers.get('set-cookie')]).toEqual([path, null])
  }
})

test('a language that is none changes nothing', async () => {
  const { room } = await house.submit()
  const page = await house.get(`${room}?lang=%22%3E`, { Accept: 'text/html' })
  expect([languageOf(page.text), page.headers.get('set-cookie')]).toEqual(['zh-CN', null])
})

test.each([
  ['zh-TW,zh;q=0.9,en;q=0.8', 'zh-TW'],
  ['zh-Hant-HK', 'zh-TW'],
  ['en-GB,zh;q=0.5', 'en'],
  ['fr-FR', 'zh-CN'],
  ['fr, en;q=0.1', 'en'],
])('a browser that asks for %s reads %s', async (asked, got) => {
  const { room } = await house.submit()
  expect(languageOf((await house.get(room, { 'Accept-Language': asked })).text)).toBe(got)
})

test('a page kept in one language is never another’s, and no cache between confuses them', async () => {
  const { room } = await house.submit()
  const pages = await Promise.all(['zh-CN', 'zh-TW', 'en'].map(lang => house.get(room, { Cookie: `lang=${lang}` })))
  expect(pages.map(({ text }) => languageOf(text))).toEqual(['zh-CN', 'zh-TW', 'en'])
  expect(new Set(pages.map(({ headers }) => headers.get('etag'))).size).toBe(3)
  for (const { headers } of pages) {
    for (const name of ['Cookie', 'Accept-Language', 'HX-Request']) expect(headers.get('vary')).toContain(name)
  }
})

test('the switch of a page that answers a form leads to where GET finds it', async () => {
  const filed = await scenes.offered(house)
  const refused = await house.form(filed, 'offer-refusal', { reason: '' })
  expect(refused.status).toBe(422)
  expect(refused.text).toContain(`href="${filed.room}?lang=en"`)
  const unknown = await house.form({ ...filed, room: '/t/forged' }, 'messages', { text: '在吗' })
  expect(unknown.text).toContain('href="/?lang=en"')
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'text/html' }
  expect((await house.send('/pickup', 'code=&last4=', headers)).text).toContain('href="/?lang=en"')
})
