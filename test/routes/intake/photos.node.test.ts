import { expect, test, vi } from 'vitest'
import { parseLines } from '../../support/log-lines.ts'
import { openTestHost, SECRET, TestServer } from '../../support/server.ts'
import { JPEG } from '../uploads.ts'

test('where photos can’t be kept the complaint stands, and the buyer is told', async () => {
  const said = vi.spyOn(console, 'error').mockReturnValue()
  const house = new TestServer(await openTestHost())
  const { tickets, files } = house.door.deps
  const stage = vi.spyOn(files, 'stage').mockRejectedValue(new Error(`no space for ${SECRET.phone}`))
  const claims = { orderId: 'X-1', merchantId: 'm1', merchantName: '店', amount: { value: '9.00' } }
  const ticket = (await tickets?.issue?.({ ...claims, phone: SECRET.phone, name: SECRET.name })) ?? ''
  const drawn = await house.get(`/new?ticket=${ticket}`, { Accept: 'text/html' })
  const action = /action="(\/new[^"]*)"/.exec(drawn.text)?.[1] ?? ''

  const send = async () => {
    const form = new FormData()
    const fields = { form: ticket, category: 'quality', statement: SECRET.text, 'remedySought.kind': 'repair' }
    for (const [name, value] of Object.entries(fields)) form.append(name, value)
    form.append('files', new File([JPEG], 'a.jpg'))
    const sent = new Response(form)
    const type = sent.headers.get('content-type') ?? ''
    return house.send(action, await sent.arrayBuffer(), { Accept: 'text/html', 'Content-Type': type })
  }
  const reply = await send()
  expect([reply.status, reply.text.includes('照片没有存上'), reply.text.includes('取件码')]).toEqual([201, true, true])
  expect(parseLines(said.mock.calls)).toMatchObject([
    { msg: 'photos of a new complaint were not kept', error: 'Error', requestId: reply.headers.get('x-request-id') },
  ])
  expect(said.mock.calls.join()).not.toContain(SECRET.phone)

  // Sent again once there is space, they are added to the same complaint.
  stage.mockRestore()
  const again = await send()
  expect([again.status, again.text.includes('照片没有存上')]).toEqual([201, false])
  const room = /href="https:\/\/t\.tousu\.example(\/t\/[\w-]{25})"/.exec(again.text)?.[1] ?? ''
  expect(reply.text).toContain(room)
  const kinds = (await house.view({ room })).steps.map(({ kind }) => kind)
  expect(kinds).toContain('evidence_supplied')
  vi.restoreAllMocks()
  await house.door.close()
})
