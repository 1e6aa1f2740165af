import { describe, expect, test } from 'vitest'
import { PartyDevice, tagOf } from '../support/party.ts'
import { type Signed, signIn } from '../support/people.ts'
import { type Filed, made, type Reply, useServer } from '../support/server.ts'
import * as scenes from './scenes.ts'

// Forms of the consoles that act on many complaints: a signature for each row, and for each row a result (public/sign-rows.js).

const house = useServer()

const attributes = (tag: string): Record<string, string> =>
  Object.fromEntries([...tag.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]))
/** The form with rows to be signed: its fields, and by row what a signature names. */
const formIn = ({ text }: Reply) => {
  const form =
    text
      .split('<form')
      .find(part => part.includes('data-act='))
      ?.split('</form>')[0] ?? ''
  const inputs = [...form.matchAll(/<input type="hidden"[^>]*>/g)].map(([tag]) => attributes(tag))
  return {
    fields: inputs.map(({ name = '', value = '' }): [string, string] => [name, value]),
    rows: inputs.filter(each => 'data-act' in each),
    shared: (attributes(form.slice(0, form.indexOf('>')))['data-shared'] ?? '').split(' '),
  }
}

/** As public/sign-rows.js fills it in. */
const signedForm = (page: Reply, device: PartyDevice, typed: Record<string, string> = {}) => {
  const { fields, rows, shared } = formIn(page)
  const all = [...fields, ...Object.entries(typed)]
  const signatures = rows.map(({ name = '', value: seen = '', ...row }) => {
    const own = name.slice(0, -'seen'.length)
    const sent = all.flatMap(([key, text]) => {
      if (key.startsWith(own) && key !== name) return [[key.slice(own.length), text]]
      return shared.includes(key) ? [[key, text]] : []
    })
    const about = { origin: row['data-origin'] ?? '', c: row['data-c'] ?? '', act: row['data-act'] ?? '', seen }
    return [`${own}signature`, device.field(about, Object.fromEntries(sent))]
  })
  return Object.fromEntries([...all, ...signatures])
}

const registered = async (person: Signed, room: string, party: string): Promise<PartyDevice> => {
  const device = new PartyDevice('ES256')
  const { x, y = '', name, sig } = { y: undefined, ...device.offer(party) }
  expect((await person.post(`${room}/keys`, { x, y, name, sig })).status).toBe(303)
  return device
}
const signersOf = async (filed: Filed, kind: string) =>
  (await house.viewAs('platform', filed)).steps.flatMap(step => (step.kind === kind ? [step.signed?.key ?? null] : []))

describe('rows that are signed', () => {
  test('one answer to many: each buyer’s own words under a signature of their own, where signatures are required', async () => {
    const clerk = await signIn(house, 'other')
    const device = await registered(clerk, '/merchant', tagOf('m2'))
    const { origin, party, seen } = JSON.parse((await house.get('/api/v1/keys', house.bearer('other'))).text)
    const claim = (act: string) => ({ signed: device.about(act, { party, origin, seen }) })
    const demand = await house.post('/api/v1/keys/requirement', claim('signing-demands'), house.bearer('other'))
    expect(demand.status, demand.text).toBe(201)

    const ofOther = { merchantId: 'm2' }
    const [one, two, moved] = [
      await house.submit({ ...ofOther, item: '保温杯' }),
      await house.submit({ ...ofOther, item: '雨伞' }),
      await house.submit(ofOther),
    ]
    const page = await clerk.get(`/merchant/bulk?case=${one.id}&case=${two.id}&case=${moved.id}`)
    const rows = Object.fromEntries([one, two, moved].map(({ id }) => [`c${id}.seen`, headIn(page, id)]))
    const typed = { answer: 'agree', text: '{item}：\n同意' }
    const preview = await clerk.post('/merchant/bulk', { ...rows, ...typed, preview: 'yes' })
    expect(preview.text).toContain(`data-keys="${device.key}"`)
    const unsigned = await clerk.post('/merchant/bulk', Object.fromEntries(formIn(preview).fields))
    expect([unsigned.status, unsigned.text.match(/本店要求签名/g)?.length]).toEqual([409, 3])

    const sent = signedForm(preview, device)
    made(await house.asBuyer(moved, 'withdrawal', { reason: 'changed_mind', confirm: 'yes' }))
    const other = `c${two.id}.signature`
    const swapped = await clerk.post('/merchant/bulk', { ...sent, [other]: sent[`c${one.id}.signature`] ?? '' })
    expect([swapped.status, swapped.text.match(/已发送/g)?.length]).toEqual([409, 1])
    // The one that got another's signature is there still, and goes by its own.
    expect(swapped.text).toContain(`name="c${two.id}.seen"`)
    const done = await clerk.post('/merchant/bulk', sent)
    expect([done.status, done.text.match(/已发送/g)?.length]).toEqual([409, 2])
    expect(await signersOf(one, 'merchant_responded')).toEqual([device.key])
    expect(await signersOf(two, 'merchant_responded')).toEqual([device.key])
    expect(await signersOf(moved, 'merchant_responded')).toEqual([])
    const { steps } = await house.viewAs('other', two)
    expect(steps.find(({ kind }) => kind === 'merchant_responded')?.fields.statement).toBe('雨伞：\n同意')
  })

  test('words that were changed after they were signed are refused, in that row alone', async () => {
    const clerk = await signIn(house, 'merchant')
    const device = await registered(clerk, '/merchant', tagOf('m1'))
    const [one, two] = [await house.submit(), await house.submit()]
    const page = await clerk.get(`/merchant/bulk?case=${one.id}&case=${two.id}`)
    const rows = Object.fromEntries([one, two].map(({ id }) => [`c${id}.seen`, headIn(page, id)]))
    const typed = { answer: 'reject', ground: 'misuse', text: '使用不当' }
    const sent = signedForm(await clerk.post('/merchant/bulk', { ...rows, ...typed }), device)
    const changed = await clerk.post('/merchant/bulk', { ...sent, [`c${two.id}.statement`]: '不退' })
    expect(changed.status).toBe(409)
    expect([await signersOf(one, 'merchant_responded'), await signersOf(two, 'merchant_responded')]).toEqual([
      [device.key],
      [],
    ])
  })

  test('an officer takes many, asks many, and rules on many', async () => {
    const officer = await signIn(house, 'platform')
    const device = await registered(officer, '/desk', 'platform')
    const filed = [await scenes.escalated(house), await scenes.escalated(house)]
    const cases = filed.map(({ id }) => `case=${id}`).join('&')
    const take = signedForm(await officer.get(`/desk/bulk?act=take&${cases}`), device)
    expect((await officer.post('/desk/bulk', take)).status).toBe(200)
    for (const each of filed) expect(await signersOf(each, 'officer_assigned')).toEqual([device.key])

    const asked = await scenes.escalated(house)
    const question = { from: 'both', request: '请补照片\n谢谢' }
    const ask = signedForm(await officer.get(`/desk/bulk?act=evidence-requests&case=${asked.id}`), device, question)
    expect((await officer.post('/desk/bulk', ask)).status).toBe(200)
    expect(await signersOf(asked, 'evidence_requested')).toEqual([device.key])

    const own = filed.flatMap(({ id }) =>
      Object.entries({
        include: 'yes',
        seen: '',
        facts: `投诉 ${id}`,
        outcome: 'for_buyer',
        'remedy.kind': 'refund',
        'remedy.owedBy': 'merchant',
      }).map(([name, text]) => [`c${id}.${name}`, text]),
    )
    const heads = await Promise.all(
      filed.map(async each => [`c${each.id}.seen`, (await house.viewAs('platform', each)).steps.at(-1)?.leaf ?? '']),
    )
    const written = Object.fromEntries([...own, ...heads, ['rule', '第四条'], ['reasons', '同一批次']])
    const ruling = signedForm(await officer.post('/desk/batch', written), device)
    expect((await officer.post('/desk/batch', ruling)).status).toBe(200)
    for (const each of filed) expect(await signersOf(each, 'ruled')).toEqual([device.key])
  })

  test('a row that the officer leaves out is not ruled on, whoever sends its signature', async () => {
    const officer = await signIn(house, 'platform')
    const filed = await scenes.escalated(house)
    const page = await officer.get(`/desk/batch?case=${filed.id}`)
    expect(page.text).not.toContain('data-act=')
    const own = { include: 'yes', facts: 'x', outcome: 'for_buyer', 'remedy.kind': 'none', leave: 'yes' }
    const fields = Object.fromEntries(Object.entries(own).map(([name, text]) => [`c${filed.id}.${name}`, text]))
    const preview = await officer.post('/desk/batch', { ...fields, rule: '1', reasons: '2' })
    expect(preview.text).not.toContain('data-act=')
  })
})

const headIn = ({ text }: Reply, id: string): string =>
  new RegExp(`name="c${id}.seen" value="([\\w-]*)"`).exec(text)?.[1] ?? ''
