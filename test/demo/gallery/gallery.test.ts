import { expect, test } from 'vitest'
import { SPECIMENS } from '../../../src/demo/gallery/specimens.ts'
import { galleryRoutes } from '../../../src/routes/demo/routes.ts'
import { openTestHost } from '../../support/server.ts'

/** Opens the gallery: the list, a page in each language, a photo, and a form. */
const leafing = async (fetch: (path: string, init?: RequestInit) => Promise<Response>) => {
  const list = await (await fetch('/gallery?lang=en')).text()
  const links = [...list.matchAll(/href="(\/gallery\/[^"]+)"/g)].map(([, href]) => href ?? '')
  expect(links).toEqual(expect.arrayContaining(SPECIMENS.map(({ name }) => `/gallery/${name}?lang=en`)))
  for (const [path, lang] of [
    [links[0], 'en'],
    ['/gallery/desk-queue-flood?lang=zh-TW', 'zh-TW'],
    ['/gallery/merchant-inbox-open?lang=zh-CN', 'zh-CN'],
  ]) {
    const page = await fetch(path ?? '')
    expect([path, page.status]).toEqual([path, 200])
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(await page.text()).toContain(`<html lang="${lang}">`)
  }
  const photo = await fetch(`/gallery/track-files/files/${'a'.repeat(64)}`)
  expect([photo.status, photo.headers.get('content-type')]).toEqual([200, 'image/png'])
  const form = { method: 'POST', body: 'text=x', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }
  const sent = await fetch('/gallery/track-fresh/messages', { ...form, redirect: 'manual' })
  expect([sent.status, sent.headers.get('location')]).toEqual([303, '/gallery/track-fresh'])
  expect((await fetch('/gallery/nothing')).status).toBe(404)
}

test('a demo shows every specimen', async () => {
  const house = await openTestHost()
  house.app.route('/gallery', galleryRoutes(house.deps, SPECIMENS))
  await leafing(house.fetch)
  await house.close()
})

test('outside demo mode there is no gallery', async () => {
  const house = await openTestHost(undefined, { demo: false })
  for (const path of ['/gallery', '/gallery/home']) expect((await house.fetch(path)).status).toBe(404)
  await house.close()
})
