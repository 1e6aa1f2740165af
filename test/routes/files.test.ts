import { expect, test } from 'vitest'
import { parseId } from '../../src/link/id.ts'
import { signLink } from '../../src/link/token.ts'
import { ReceivedFile, storeFiles } from '../../src/routes/evidence.ts'
import { expectProblem, type Filed, made, type Reply, useServer } from '../support/server.ts'
import * as scenes from './scenes.ts'
import { bytes, HEIC, hashOf, JPEG, joined, MOV, MP4, PDF, PLACE, PNG, sized, upload, WEBP } from './uploads.ts'

const house = useServer()
type Files = Parameters<typeof upload>[0]

const send = async (
  { room }: Filed,
  files: Files,
  { act = 'evidence', fields = { text: '见照片' }, field = 'files', accept = 'application/json' } = {},
): Promise<Reply> => {
  const { body, headers } = await upload(files, fields, field)
  return house.send(`${room}/${act}`, body, { ...headers, Accept: accept })
}

test('evidence is stored under its hash and comes back byte for byte', async () => {
  const filed = await house.submit()
  const { step } = made(
    await send(filed, [
      ['水洗标.png', PNG],
      ['合同.pdf', PDF],
    ]),
  )
  expect(step.fields).toMatchObject({
    files: 2,
    file1: { sha256: hashOf(PNG), name: '水洗标.png', type: 'image/png', size: PNG.length },
    file2: { sha256: hashOf(PDF), type: 'application/pdf' },
  })
  const response = await house.door.fetch(`${filed.room}/files/${hashOf(PNG)}`)
  expect(new Uint8Array(await response.arrayBuffer())).toEqual(PNG)
  const header = (name: string) => response.headers.get(name)
  expect(header('content-type')).toBe('image/png')
  expect(header('x-content-type-options')).toBe('nosniff')
  expect(header('content-security-policy')).toContain('sandbox')
  expect(header('content-disposition')).toBe(`inline; filename*=UTF-8''${encodeURIComponent('水洗标.png')}`)
  expect(header('cache-control')).toBe('private, max-age=86400, immutable')
  const pdf = await house.get(`${filed.room}/files/${hashOf(PDF)}`)
  expect(pdf.headers.get('content-disposition')).toMatch(/^attachment/)
})

test('a file that is known is not sent again, to those who may see it', async () => {
  const [filed, stranger] = [await house.submit(), await house.submit()]
  made(await send(filed, [['a.jpg', JPEG]]))
  const path = `files/${hashOf(JPEG)}`
  const etag = (await house.get(`${filed.room}/${path}`)).headers.get('etag') ?? ''
  const again = await house.get(`${filed.room}/${path}`, { 'If-None-Match': etag })
  expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag])
  expect(again.headers.get('cache-control')).toContain('immutable')
  expect((await house.get(`${stranger.room}/${path}`, { 'If-None-Match': etag })).status).toBe(404)
  expect((await house.get(`/api/v1/complaints/${filed.id}/${path}`, { 'If-None-Match': etag })).status).toBe(401)
})

/** A form with photos and thumbnails, as the script of the page sends it. */
const withThumbnails = async (photos: readonly Bytes[], thumbnails: readonly (readonly [string, Bytes])[]) => {
  const form = new FormData()
  form.append('text', '见照片')
  for (const [i, photo] of photos.entries()) form.append('files', new File([photo], `${i}.jpg`))
  for (const [name, file] of thumbnails) form.append('thumbnails', new File([file], name))
  const sent = new Response(form)
  return { body: await sent.arrayBuffer(), headers: { 'Content-Type': sent.headers.get('content-type') ?? '' } }
}
type Bytes = Uint8Array<ArrayBuffer>

test('a thumbnail lies beside its photo, is shown on the pages, and goes with it', async () => {
  const filed = await house.submit()
  const [first, second] = [sized(1600, 1200), sized(1200, 1600)]
  const { body, headers } = await withThumbnails([first, second], [['1.jpg', sized(150, 200)]])
  const { step } = made(await house.send(`${filed.room}/evidence`, body, { ...headers, Accept: 'application/json' }))
  const thumb = { sha256: hashOf(sized(150, 200)), size: JPEG.length }
  expect(step.fields).toMatchObject({ files: 2, file1: { sha256: hashOf(first) }, file2: { thumb } })
  expect(step.fields.file1).not.toHaveProperty('thumb')
  const page = await house.get(filed.room, { Accept: 'text/html' })
  expect(page.text).toContain(`src="${new URL(filed.trackingUrl).pathname}/files/${thumb.sha256}"`)
  const path = `files/${thumb.sha256}`
  const sent = await house.get(`${filed.room}/${path}`)
  expect([sent.status, sent.headers.get('content-type')]).toEqual([200, 'image/jpeg'])
  expect((await house.get(`/api/v1/complaints/${filed.id}/${path}`, house.bearer('other'))).status).toBe(404)
  made(await house.asBuyer(filed, 'redaction-request', { seq: 1, field: 'file2', reason: '不想留着' }))
  made(await house.asPlatform(filed, 'redactions', { seq: 1, field: 'file2', reason: '本人要求', operator: 'A17' }))
  const left = [first, second, sized(150, 200)].map(file => house.door.deps.files.get(filed.id, hashOf(file)))
  expect((await Promise.all(left)).map(file => file !== null)).toEqual([true, false, false])
})

test('what is no thumbnail is dropped, and its photo is kept', async () => {
  const filed = await house.submit()
  const photo = sized(1600, 1200)
  const { body, headers } = await withThumbnails(
    [photo],
    [
      ['0.jpg', PNG],
      ['7.jpg', sized(10, 10)],
      ['page.html', bytes('<script>')],
      ['0.jpg', sized(4000, 3000)],
      ['0.jpg', new Uint8Array(200_000)],
    ],
  )
  const { step } = made(await house.send(`${filed.room}/evidence`, body, { ...headers, Accept: 'application/json' }))
  expect(step.fields).toMatchObject({ files: 1, file1: { sha256: hashOf(photo) } })
  expect(step.fields.file1).not.toHaveProperty('thumb')
})

test('an act that is refused leaves no thumbnail', async () => {
  const filed = await house.submit()
  made(await house.asBuyer(filed, 'withdrawal', { reason: 'changed_mind', confirm: 'yes' }))
  const { body, headers } = await withThumbnails([sized(900, 600)], [['0.jpg', sized(120, 80)]])
  expect((await house.send(`${filed.room}/evidence`, body, headers)).status).toBe(409)
  expect(await house.door.deps.files.get(filed.id, hashOf(sized(120, 80)))).toBeNull()
})

test('who may see the complaint may see its files, and nobody else', async () => {
  const [filed, stranger] = [await house.submit(), await house.submit()]
  made(await send(filed, [['a.jpg', JPEG]]))
  const path = `files/${hashOf(JPEG)}`
  const api = `/api/v1/complaints/${filed.id}/${path}`
  for (const who of ['merchant', 'platform', 'supervisor'] as const) {
    expect((await house.get(api, house.bearer(who))).status).toBe(200)
  }
  expectProblem(await house.get(api), 401, 'unauthorized')
  expectProblem(await house.get(api, house.bearer('other')), 404, 'not_found')
  expect((await house.get(`${stranger.room}/${path}`)).status).toBe(404)
  for (const odd of [hashOf(PNG), hashOf(JPEG).toUpperCase(), '..%2f..%2fsecrets.json', '%00']) {
    expect((await house.get(`${filed.room}/files/${odd}`)).status).toBe(404)
  }
})

test('a share link gives files only while they are ticked', async () => {
  const filed = await house.submit()
  made(await send(filed, [['a.webp', WEBP]]))
  const share = async (body: object) => {
    const { shareUrl = '' } = made(await house.asBuyer(filed, 'share-links', body))
    return (await house.get(`${new URL(shareUrl).pathname}/files/${hashOf(WEBP)}`)).status
  }
  expect(await share({ texts: 'yes' })).toBe(404)
  expect(await share({ files: 'yes' })).toBe(200)
  expect(await share({})).toBe(404)
  expect(await share({ files: true })).toBe(200)
})

test('a new link ends what was shared with the old one', async () => {
  const filed = await house.submit()
  made(await send(filed, [['a.png', PNG]]))
  made(await house.asBuyer(filed, 'share-links', { files: 'yes' }))
  made(await house.asPlatform(filed, 'link-rotation', { reason: '换手机', operator: 'A17' }))
  const { deps } = house.door
  const share = `/t/${signLink({ id: parseId(filed.id) ?? 0, scope: 'view', epoch: 1 }, deps.links)}`
  expect((await house.get(share)).status).toBe(200)
  expect((await house.get(`${share}/files/${hashOf(PNG)}`)).status).toBe(404)
})

test('what is kept is what its hash says, without the place where it was taken', async () => {
  const filed = await house.submit()
  const { step } = made(
    await send(filed, [
      ['film.mp4', MP4],
      ['a.png', joined(PNG, bytes('and more'))],
    ]),
  )
  const { file1, file2 } = step.fields as Record<string, { sha256: string; size: number }>
  const film = new Uint8Array(await (await house.door.fetch(`${filed.room}/files/${file1?.sha256}`)).arrayBuffer())
  expect(new TextDecoder('latin1').decode(film)).not.toContain(PLACE)
  expect([hashOf(film), film.length]).toEqual([file1?.sha256, file1?.size])
  expect(file2).toMatchObject({ sha256: hashOf(PNG), size: PNG.length })
})

test('a file goes with its field, and the same photo in another complaint stays', async () => {
  const [filed, other] = [await house.submit(), await house.submit()]
  made(await send(filed, [['a.png', PNG]]))
  made(
    await send(filed, [
      ['again.png', PNG],
      ['b.jpg', JPEG],
    ]),
  )
  made(await send(other, [['a.png', PNG]]))
  const { files } = house.door.deps
  const erase = (seq: number, field: string) =>
    house.asPlatform(filed, 'redactions', { seq, field, reason: '本人要求', operator: 'A17' })
  for (const [seq, field] of [
    [1, 'file1'],
    [2, 'file1'],
    [2, 'file2'],
  ] as const) {
    made(await house.asBuyer(filed, 'redaction-request', { seq, field, reason: '不想留着' }))
    if (seq === 2 && field === 'file1') expect(await files.get(filed.id, hashOf(PNG))).not.toBeNull()
    made(await erase(seq, field))
  }
  expect(await files.get(filed.id, hashOf(PNG))).toBeNull()
  expect(await files.get(filed.id, hashOf(JPEG))).toBeNull()
  expect((await house.get(`${other.room}/files/${hashOf(PNG)}`)).status).toBe(200)
})

test('files of an act that is refused are not kept', async () => {
  const filed = await house.submit()
  made(await house.asBuyer(filed, 'withdrawal', { reason: 'changed_mind', confirm: 'yes' }))
  expect((await send(filed, [['a.png', PNG]])).status).toBe(409)
  expect(await house.door.deps.files.get(filed.id, hashOf(PNG))).toBeNull()
})

test.each([
  ['photo.heic', HEIC, 'image/heic'],
  ['video.mp4', MP4, 'video/mp4'],
  ['IMG_1.MOV', MOV, 'video/quicktime'],
  ['called.exe', PNG, 'image/png'],
])('%s is known by its bytes', async (name, file, type) => {
  const { step } = made(await send(await house.submit(), [[name, file]]))
  expect(step.fields.file1).toMatchObject({ type })
})

test.each([
  ['page.png', bytes('<!doctype html><script>alert(1)</script>')],
  ['drawing.svg', bytes('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')],
  ['page.gif', bytes('GIF89a/*<html><script>alert(1)</script>*/')],
  ['page.pdf', bytes('%PDF-1.7\n<!DOCTYPE html><script>alert(1)</script>')],
  ['broken.png', PNG.subarray(0, 40)],
  ['page.mp4', bytes('<!--ftypisom--><html></html>')],
  ['tool.exe', bytes('MZ\x90\0')],
  ['text.txt', bytes('hello')],
  ['short.mp4', bytes('\0\0\0\x18ftyp')],
  ['empty.png', new Uint8Array()],
])('%s is no evidence, whatever it is called', async (name, file) => {
  const filed = await house.submit()
  const reply = await send(filed, [
    ['good.png', PNG],
    [name, file],
  ])
  expect(expectProblem(reply, 422, 'invalid').errors).toEqual([{ field: 'files', code: 'file_type' }])
  expect((await house.view(filed)).steps).toHaveLength(1)
  expect((await house.get(`${filed.room}/files/${hashOf(file)}`)).status).toBe(404)
})

const big = (size: number) => {
  const file = new Uint8Array(size)
  file.set(PNG)
  return file
}

test('ten files of ten megabytes, and no more', async () => {
  const filed = await house.submit()
  const tooBig = await send(filed, [['big.png', big(10 * 1024 * 1024 + 1)]])
  expect(expectProblem(tooBig, 422, 'invalid').errors).toEqual([{ field: 'files', code: 'file_size', max: 10 }])
  const eleven = Array.from({ length: 11 }, (_, i) => [`${i}.png`, PNG] as const)
  const tooMany = await send(filed, eleven)
  expect(expectProblem(tooMany, 422, 'invalid').errors).toEqual([{ field: 'files', code: 'file_count', max: 10 }])
  expectProblem(await send(filed, [['huge.png', big(102 * 1024 * 1024)]]), 413, 'too_large')
  expect((await house.view(filed)).steps).toHaveLength(1)
  made(await send(filed, [['just.png', big(10 * 1024 * 1024)], ...eleven.slice(2)]))
})

test('a form with files is small where none are taken, and a file that would be lost is refused', async () => {
  const filed = await scenes.rejected(house)
  const large = await send(filed, [['a.png', big(2 * 1024 * 1024)]], {
    act: 'escalation',
    fields: { text: '', reason: '不行' } as never,
  })
  expectProblem(large, 413, 'too_large')
  for (const how of [{ act: 'escalation', fields: { reason: '不行' } as never }, { field: 'photo' }]) {
    const reply = await send(filed, [['a.png', PNG]], how)
    expect(expectProblem(reply, 422, 'invalid').errors).toEqual([{ field: 'files', code: 'other' }])
  }
  expect((await house.view(filed)).steps).toHaveLength(2)
})

test('a browser that chose no file sends an empty one', async () => {
  const filed = await house.submit()
  const { step } = made(await send(filed, [['', new Uint8Array()]]))
  expect(step.fields.files).toBe(0)
})

test('a form of the page leads back to it', async () => {
  const filed = await house.submit()
  const reply = await send(filed, [['a.png', PNG]], { accept: 'text/html' })
  expect([reply.status, reply.headers.get('location')]).toEqual([303, `${filed.room}#step-2`])
  const bad = await send(filed, [['a.svg', bytes('<svg/>')]], { accept: 'text/html' })
  expect([bad.status, bad.text.includes('见照片')]).toEqual([422, true])
})

test('merchant and platform hand in files, and say who they are in the same form', async () => {
  const filed = await house.submit()
  const fields = { text: '进货单', operator: '李娜', automated: 'false' }
  const { body, headers } = await upload([['a.png', PNG]], fields)
  const reply = await house.send(`/api/v1/complaints/${filed.id}/evidence`, body, {
    ...headers,
    ...house.bearer('merchant'),
  })
  expect(made(reply).step).toMatchObject({ by: { automated: false }, fields: { operator: '李娜', files: 1 } })
  const proof = await upload([['b.png', PNG]], { statement: '已退', proof: 'RF1', operator: '李娜' })
  const path = `/api/v1/complaints/${filed.id}/fulfilment`
  expect(
    made(await house.send(path, proof.body, { ...proof.headers, ...house.bearer('merchant') })).step.fields.files,
  ).toBe(1)
})

test.each([
  '../../etc/passwd',
  'a\r\nSet-Cookie: x=1',
  '"; filename="x.html',
  '𠮷'.repeat(90),
  '\u202egnp.exe',
  '',
  '.',
])('a name like %j breaks no header', async name => {
  const filed = await house.submit()
  const { step } = made(await send(filed, [[name || 'x', PNG]]))
  const file = step.fields.file1
  const reply = await house.get(`${filed.room}/files/${hashOf(PNG)}`)
  expect(reply.status).toBe(200)
  expect(reply.headers.get('set-cookie')).toBeNull()
  expect(reply.headers.get('content-disposition')).toMatch(/^inline; filename\*=UTF-8''[\w%.-]+$/)
  expect(JSON.stringify(file)).not.toMatch(/[\\/\u202e"]{2}/)
})

test('a form of a hundred thousand parts is refused before any of them is read', async () => {
  const filed = await house.submit()
  const part = '--scrap\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\nb\r\n'
  const send = (parts: number, type: string) =>
    house.send(`${filed.room}/evidence`, `${part.repeat(parts)}--scrap--\r\n`, {
      'Content-Type': type,
      Accept: 'application/json',
    })
  for (const type of ['multipart/form-data; boundary=scrap', 'multipart/form-data; charset=utf-8; boundary="scrap"']) {
    expectProblem(await send(100_000, type), 413, 'too_large')
    // A few too many are told as such.
    expectProblem(await send(30, type), 422, 'invalid')
  }
})

/** A quota that a test can fill: of two files and a bit. */
const QUOTA = PNG.length * 2.5
const png = (gamma: number) =>
  joined(PNG.subarray(0, 33), bytes(`\0\0\0\x04gAMA\0\0\0${gamma}\0\0\0\0`), PNG.subarray(33))

test('quota: of uploads at once none passes by what another brings, and what is refused takes no room', async () => {
  const { deps } = house.door
  const filed = await house.submit()
  const id = parseId(filed.id) ?? 0
  const store = async (file: Uint8Array) => {
    const received = await ReceivedFile.from('a.png', file, deps.files)
    if (received === null) throw new Error('no picture')
    return storeFiles(deps, id, [received], QUOTA)
  }
  await (await store(PNG)).keep()
  const settled = await Promise.allSettled([1, 2, 3, 4].map(gamma => store(png(gamma))))
  for (const each of settled) if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'invalid' })
  expect(settled.filter(({ status }) => status === 'fulfilled').length).toBeLessThan(2)
  for (const each of settled) if (each.status === 'fulfilled') await each.value.takeBack()
  expect(await deps.files.used(filed.id)).toBe(PNG.length)
  // One after another they pass while there is room, and the same file again takes none.
  await (await store(png(1))).keep()
  await expect(store(png(2))).rejects.toMatchObject({ errors: [{ field: 'files', code: 'file_total' }] })
  await (await store(png(1))).keep()
  expect(await deps.files.used(filed.id)).toBe(PNG.length + png(1).length)
})

test('an upload leaves no room taken, whatever came of it', async () => {
  const filed = await house.submit()
  const large = big(200_000)
  made(await send(filed, [['a.png', large]]))
  expect((await send(filed, [['a.svg', bytes(`<svg>${' '.repeat(200_000)}</svg>`)]])).status).toBe(422)
  expect((await send(filed, [['huge.png', big(102 * 1024 * 1024)]])).status).toBe(413)
  expect(house.door.deps.uploads.uploadBytesInFlight()).toBe(0)
})
