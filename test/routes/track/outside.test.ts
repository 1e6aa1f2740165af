import { describe, expect, test } from 'vitest'
import { expectDiscreet, type Filed, made, SECRET, useServer } from '../../support/server.ts'
import { filesIn } from '../../support/zip.ts'
import * as scenes from '../scenes.ts'
import { hashOf, PNG, upload } from '../uploads.ts'

const server = useServer()
const html = { Accept: 'text/html' }
const last4 = SECRET.phone.slice(-4)

/** The cookie of a browser that gave the digits. */
const known = async ({ room }: Filed) => {
  const reply = await server.send(`${room}/mine`, new URLSearchParams({ last4 }).toString(), {
    'Content-Type': 'application/x-www-form-urlencoded',
    ...html,
  })
  expect(reply.status).toBe(200)
  return { Cookie: (reply.headers.get('set-cookie') ?? '').split(';')[0] ?? '' }
}

describe('the pack for 12315', () => {
  test('has the record, the receipt, every file and what the form asks for, with the whole phone number', async () => {
    const filed = await scenes.rejected(server)
    const { body, headers } = await upload([['../吊牌"1.png', PNG]])
    expect((await server.send(`${filed.room}/evidence`, body, { ...headers, Accept: 'application/json' })).status).toBe(
      201,
    )
    await server.advance(24 * 30)
    const response = await server.door.fetch(`${filed.room}/12315.zip`, { headers: await known(filed) })
    expect(response.headers.get('content-type')).toBe('application/zip')
    const files = filesIn(new Uint8Array(await response.arrayBuffer()))
    const names = [...files.keys()]
    expect(names.slice(0, 3)).toEqual(['12315 填写内容.txt', '投诉记录.html', '回执.json'])
    const evidence = names.find(name => name.startsWith('证据/')) ?? ''
    expect(evidence).toBe('证据/1-吊牌_1.png')
    expect(hashOf(files.get(evidence) ?? new Uint8Array())).toBe(hashOf(PNG))
    const text = (name: string) => new TextDecoder().decode(files.get(name))
    const form = text('12315 填写内容.txt')
    for (const said of ['协商时间', '协商经过', '协商方式', '协商结果', SECRET.phone, SECRET.name, '花间集'])
      expect(form).toContain(said)
    const record = text('投诉记录.html')
    expect(record).toContain(`<img src="${evidence}"`)
    expect(record).toContain(SECRET.phone)
    expect(record).not.toMatch(/(src|href)="\//)
    expect(JSON.parse(text('回执.json')).complaint.id).toBe(filed.id)
    const misses = (await server.view(filed)).steps.filter(
      ({ kind, fields }) => kind === 'deadline_missed' && fields.party !== 'buyer',
    )
    expect(names.filter(name => name.startsWith('逾期证明/'))).toEqual(
      misses.map(({ seq }) => `逾期证明/${seq + 1}.jws`),
    )
  })

  test('a browser that is not known is asked for the digits first, and a share link has none', async () => {
    const filed = await scenes.submitted(server)
    const reply = await server.door.fetch(`${filed.room}/12315.zip`, { redirect: 'manual' })
    expect([reply.status, reply.headers.get('location')]).toEqual([303, `${filed.room}/mine`])
    const { shareUrl = '' } = made(await server.asBuyer(filed, 'share-links', { texts: 'yes', files: 'yes' }))
    for (const path of ['12315.zip', 'record', 'certificates/2']) {
      const share = await server.get(`${new URL(shareUrl).pathname}/${path}`, html)
      expect(share.status).toBe(404)
      expectDiscreet(share.text)
    }
  })
})

test('the record has the whole phone number on a known device alone', async () => {
  const filed = await scenes.submitted(server)
  const stranger = await server.get(`${filed.room}/record`, html)
  expect(stranger.text).not.toContain(last4)
  expect(stranger.text).toContain(`href="${filed.room}/mine"`)
  const own = await server.get(`${filed.room}/record`, { ...html, ...(await known(filed)) })
  expect(own.text).toContain(SECRET.phone)
})

describe('the certificate of a missed deadline', () => {
  test('is one page with what was missed, the signature and a code to check it, for every miss of another party', async () => {
    const filed = await scenes.submitted(server)
    await server.advance(24 * 7)
    const { steps } = await server.view(filed)
    const misses = steps.filter(({ kind }) => kind === 'deadline_missed')
    expect(misses.map(({ fields }) => fields.party)).toEqual(['merchant', 'platform', 'supervisor'])
    const page = (await server.get(filed.room, html)).text
    for (const { seq, leaf, fields } of misses) {
      const path = `${filed.room}/certificates/${seq + 1}`
      expect(page).toContain(`href="${path}"`)
      const { text, status } = await server.get(path, html)
      expect(status).toBe(200)
      const jws = (await server.get(`${path}.jws`)).text.trim()
      expect(text).toContain(jws)
      expect(text).toContain(leaf)
      expect(text).toMatch(/<svg class="qr"/)
      expect(text).toContain('没有在')
      expectDiscreet(text)
      expect(JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString())).toMatchObject({
        leaf,
        party: fields.party,
        due: Date.parse(String(fields.due)),
      })
    }
  })

  test('of any other step, or of none, there is no certificate', async () => {
    const filed = await scenes.rejected(server)
    for (const no of ['0', '1', '2', '99', '1.jws', 'x', '1e1', '-1'])
      expect((await server.get(`${filed.room}/certificates/${no}`, html)).status).toBe(404)
  })
})
