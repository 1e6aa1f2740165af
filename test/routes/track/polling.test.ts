import { expect, test } from 'vitest'
import { type Filed, made, useServer } from '../../support/server.ts'

const house = useServer()

/** As a page that stays open asks whether there is anything new. */
const poll = ({ room }: Pick<Filed, 'room'>, known: string) =>
  house.get(room, { Accept: 'text/html', 'HX-Request': 'true', 'If-None-Match': known })
const newsOn = (page: string) => /data-news="([^"]+)"/.exec(page)?.[1]?.replaceAll('&quot;', '"') ?? ''

test('a page knows what to ask by, and hears nothing until there is a step', async () => {
  const filed = await house.submit()
  const known = newsOn((await house.get(filed.room)).text)
  expect(known).toMatch(/^"[A-Za-z0-9_-]{16}"$/)
  const quiet = await poll(filed, known)
  expect([quiet.status, quiet.text]).toEqual([304, ''])
  made(await house.asMerchant(filed, 'messages', { text: '正在核实', operator: '李娜' }))
  const told = await poll(filed, known)
  expect([told.status, told.text.includes('正在核实')]).toEqual([200, true])
  expect(told.headers.get('etag')).toBe(newsOn(told.text))
  expect((await poll(filed, newsOn(told.text))).status).toBe(304)
})

test('a minute is no news, an hour is', async () => {
  const filed = await house.submit()
  const first = await house.get(filed.room)
  const known = newsOn(first.text)
  await house.advance(1 / 30)
  expect((await poll(filed, known)).status).toBe(304)
  // Who asks for the page, and not for news, gets the time left to the minute.
  expect((await house.get(filed.room, { 'If-None-Match': first.headers.get('etag') ?? '' })).status).toBe(200)
  await house.advance(1)
  expect((await poll(filed, known)).status).toBe(200)
})

test('news of one link are not those of another', async () => {
  const filed = await house.submit()
  const { shareUrl = '' } = made(await house.asBuyer(filed, 'share-links'))
  const known = newsOn((await house.get(filed.room)).text)
  expect((await poll({ room: new URL(shareUrl).pathname }, known)).status).toBe(200)
})
