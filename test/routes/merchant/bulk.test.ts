import { describe, expect, test } from 'vitest'
import { signIn } from '../../support/people.ts'
import { made, type Reply, useServer } from '../../support/server.ts'
import * as scenes from '../scenes.ts'

const house = useServer()

const last = async (filed: { id: string }) =>
  (await house.viewAs('merchant', filed)).steps.findLast(({ kind }) => kind !== 'notice_sent')
const formOf = ({ text }: Reply, fields: Record<string, string>): Record<string, string> => ({
  ...Object.fromEntries(
    [...text.matchAll(/name="(c[0-9A-Z]{10}\.seen)" value="([\w-]*)"/g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  ),
  ...fields,
})

/** The form under what the buyers would read. */
const confirmOf = ({ text }: Reply): Record<string, string> => {
  const [, form = ''] = text.split('enctype="multipart/form-data"')
  const [own = ''] = form.split('</form>')
  return Object.fromEntries(
    [...own.matchAll(/name="([\w.]+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
  )
}

describe('one answer to many complaints', () => {
  test('agree: read as each buyer will, then sent to each with its own terms and words', async () => {
    const clerk = await signIn(house, 'merchant')
    const one = await house.submit({ item: '保温杯' })
    const two = await house.submit({ item: '雨伞', remedySought: { kind: 'reship' } })
    const page = await clerk.get(`/merchant/bulk?case=${one.id}&case=${two.id}`)
    // In the buyers' language, whatever the clerk's is.
    const english = await clerk.get(`/merchant/bulk?case=${one.id}&lang=en`)
    expect(english.text).toContain('关于“{item}”')
    const fields = formOf(page, { answer: 'agree', text: '{item}（{id}）：同意' })
    const preview = await clerk.post('/merchant/bulk', { ...fields, preview: 'yes' })
    expect(preview.status).toBe(200)
    for (const text of [`保温杯（${one.id}）：同意`, `雨伞（${two.id}）：同意`, '发给 2 位买家'])
      expect(preview.text).toContain(text)
    expect((await last(one))?.kind).toBe('submitted')
    const sent = await clerk.post('/merchant/bulk', confirmOf(preview))
    expect([sent.status, sent.text.match(/已发送/g)?.length]).toEqual([200, 2])
    expect(await last(two)).toMatchObject({
      by: { automated: false },
      fields: { statement: `雨伞（${two.id}）：同意`, operator: '李娜' },
    })
    expect([(await house.view(one)).complaint.state, (await house.view(two)).complaint.state]).toEqual([
      'fulfilment',
      'fulfilment',
    ])
    // The same form twice is one answer.
    expect((await clerk.post('/merchant/bulk', confirmOf(preview))).status).toBe(200)
    expect((await house.view(one)).steps.filter(({ kind }) => kind === 'merchant_responded')).toHaveLength(1)
  })

  test('what can’t be agreed with, or moved meanwhile, has a result of its own; no other is lost', async () => {
    const clerk = await signIn(house, 'merchant', { merchant: 'm1' })
    const good = await house.submit()
    const back = await house.submit({ remedySought: { kind: 'return_refund', amount: scenes.cny('9.90') } })
    const moved = await house.submit()
    const page = await clerk.get(`/merchant/bulk?case=${good.id}&case=${back.id}&case=${moved.id}`)
    made(await house.asMerchant(moved, 'responses', scenes.OFFER))
    const read = await clerk.post('/merchant/bulk', formOf(page, { answer: 'agree', text: '同意', preview: 'yes' }))
    expect(read.text).toContain('发给 2 位买家')
    const sent = await clerk.post('/merchant/bulk', confirmOf(read))
    expect([sent.status, sent.text.match(/已发送/g)?.length, sent.text.match(/没有办成/g)?.length]).toEqual([409, 1, 2])
    expect(sent.text).toContain(`name="c${back.id}.seen"`)
    expect(sent.text).not.toContain(`name="c${good.id}.seen"`)
    expect((await last(back))?.kind).toBe('submitted')
  })

  test('words to many, and a rejection; an unknown variable and a missing ground are named first', async () => {
    const clerk = await signIn(house, 'merchant')
    const filed = await house.submit()
    const page = await clerk.get(`/merchant/bulk?case=${filed.id}`)
    const wrong = await clerk.post(
      '/merchant/bulk',
      formOf(page, { answer: 'message', text: '{name} 您好', confirm: 'yes' }),
    )
    expect([wrong.status, wrong.text.includes('没有变量 {name}')]).toEqual([422, true])
    const groundless = await clerk.post(
      '/merchant/bulk',
      formOf(page, { answer: 'reject', text: '不同意', confirm: 'yes' }),
    )
    expect([groundless.status, groundless.text.includes('href="#bulk-ground"')]).toEqual([422, true])
    expect((await last(filed))?.kind).toBe('submitted')
    const answered = async (fields: Record<string, string>) => {
      const read = await clerk.post('/merchant/bulk', formOf(page, { ...fields, preview: 'yes' }))
      return (await clerk.post('/merchant/bulk', confirmOf(read))).status
    }
    expect(await answered({ answer: 'message', text: '已收到 {id}' })).toBe(200)
    expect((await last(filed))?.fields.text).toBe(`已收到 ${filed.id}`)
    expect(await answered({ answer: 'reject', ground: 'misuse', text: '使用不当' })).toBe(200)
    expect(await last(filed)).toMatchObject({ kind: 'merchant_responded', by: { automated: false } })
  })

  test('what nobody read as its buyer would comes back, and is not sent', async () => {
    const clerk = await signIn(house, 'merchant')
    const filed = await house.submit()
    const page = await clerk.get(`/merchant/bulk?case=${filed.id}`)
    const sent = await clerk.post('/merchant/bulk', formOf(page, { answer: 'agree', text: '同意', confirm: 'yes' }))
    expect([sent.status, sent.text.includes(`name="c${filed.id}.seen"`)]).toEqual([409, true])
    expect((await last(filed))?.kind).toBe('submitted')
  })

  test('another shop’s complaint is not there, whatever was chosen', async () => {
    const other = await signIn(house, 'other')
    const filed = await house.submit()
    expect((await other.get(`/merchant/bulk?case=${filed.id}`)).status).toBe(404)
    const fields = { [`c${filed.id}.seen`]: '', answer: 'message', text: 'x', confirm: 'yes' }
    expect([404, 409]).toContain((await other.post('/merchant/bulk', fields)).status)
    expect((await last(filed))?.kind).toBe('submitted')
  })
})
