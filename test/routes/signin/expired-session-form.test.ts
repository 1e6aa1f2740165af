import { beforeAll, describe, expect, test } from 'vitest'
import { Signed, signIn } from '../../support/people.ts'
import { type Filed, useServer } from '../../support/server.ts'
import * as scenes from '../scenes.ts'
import { PNG } from '../uploads.ts'

const house = useServer()
const ANSWER = '第一段：已经查过仓库的记录。\n第二段：<b>“愿意”</b>退一半。'
const REJECTION = { answer: 'reject', ground: 'misuse', statement: ANSWER }
const ORIGIN = 'https://t.tousu.example'

let filed: Filed
let room: string
let stranger: Signed
beforeAll(async () => {
  filed = await scenes.submitted(house)
  room = `/merchant/complaints/${filed.id}`
  stranger = new Signed(house, ORIGIN, '__Host-session=ended')
})

const unescaped = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')
/** What the page would send, as a browser reads its form. */
const formIn = (html: string): Record<string, string> => ({
  ...Object.fromEntries(
    [...html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)].map(([, name = '', value = '']) => [
      name,
      unescaped(value),
    ]),
  ),
  ...Object.fromEntries(
    [...html.matchAll(/<textarea[^>]*name="([^"]+)"[^>]*>\n([^<]*)<\/textarea>/g)].map(([, name = '', value = '']) => [
      name,
      unescaped(value).replaceAll('\r\n', '\n'),
    ]),
  ),
})

describe('a form that is sent after its session ended', () => {
  test('comes back as it was typed, records nothing, and can be sent again', async () => {
    const late = await stranger.post(`${room}/responses`, REJECTION)
    expect([late.status, late.headers.get('cache-control')]).toEqual([403, 'no-store'])
    expect(late.text).not.toContain('<b>“')
    expect(late.text).toContain(`href="/signin?to=${encodeURIComponent(room)}" target="_blank"`)
    expect(late.text).toContain(`action="${room}/responses"`)
    expect(formIn(late.text)).toEqual(REJECTION)
    expect((await house.viewAs('platform', filed)).steps).toHaveLength(1)
    const clerk = await signIn(house, 'merchant')
    const again = await clerk.post(`${room}/responses`, formIn(late.text))
    expect([again.status, again.headers.get('location')]).toEqual([303, `${room}?done=2`])
    expect((await house.viewAs('platform', filed)).steps[1]?.fields.statement).toBe(ANSWER)
  })

  test.each(['zh-CN', 'zh-TW', 'en'])(
    'says so in %s, and its language switch leads to the page of the form',
    async lang => {
      const late = await stranger.post(`${room}/messages`, { text: ANSWER }, { Cookie: `lang=${lang}` })
      expect(late.text).toContain(`<html lang="${lang}">`)
      for (const other of ['zh-CN', 'zh-TW', 'en']) expect(late.text).toContain(`href="${room}?lang=${other}"`)
    },
  )

  test('keeps the words beside files of any size, and asks for the files again', async () => {
    for (const size of [0, 3_000_000]) {
      const form = new FormData()
      form.set('seen', 'x')
      form.set('text', ANSWER)
      form.append('files', new File([PNG, new Uint8Array(size)], 'a.png'))
      const late = await stranger.post(`${room}/evidence`, form)
      expect(late.status).toBe(403)
      expect(formIn(late.text)).toEqual({ seen: 'x', text: ANSWER })
      expect(late.text).toContain('enctype="multipart/form-data"')
      expect(late.text).toMatch(/<input type="file" [^>]*name="files"/)
    }
  })

  test('shows nothing that another site or a program sent', async () => {
    const foreign = { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }
    const reply = await stranger.post(`${room}/messages`, { text: ANSWER }, foreign)
    expect([reply.status, reply.text.includes('第一段')]).toEqual([403, false])
    const program = await stranger.post(`${room}/messages`, { text: ANSWER }, { Accept: 'application/json' })
    expect([program.status, program.headers.get('location')]).toEqual([303, '/signin'])
  })

  test('an officer’s too', async () => {
    const late = await stranger.post(`/desk/complaints/${filed.id}/rulings`, { facts: ANSWER, outcome: 'partly' })
    expect(formIn(late.text)).toEqual({ facts: ANSWER, outcome: 'partly' })
    expect(late.text).toContain(`href="/signin?to=${encodeURIComponent(`/desk/complaints/${filed.id}`)}"`)
  })
})
