import { expect } from 'vitest'
import type { Story } from '../fixture.ts'
import {
  buyer,
  DAY,
  intake,
  type LedgerFixture,
  merchant,
  officer,
  rejection,
  ruling,
  shop,
  supervisor,
} from '../fixture.ts'

const PLANTED = {
  name: '欧阳透诉',
  phone: '13912345678',
  order: 'PLANTED-ORDER-77',
  item: '限量版-PLANTED',
  text: '这是不能留在别处的一段话',
  tracking: 'SF-PLANTED-99',
  officer: 'PLANTED-OFFICER',
  key: 'PLANTED-KEY',
}

/** The text, and as it looks within base64 at each of three offsets; the edges, which hang on their neighbours, cut off. */
const disguises = (text: string): string[] => {
  const bytes = [...new TextEncoder().encode(text)]
  const shifted = [0, 1, 2].map(shift => btoa(String.fromCharCode(...Array(shift).fill(0), ...bytes)).slice(4, -4))
  return [text, ...shifted, ...shifted.map(base64 => base64.replaceAll('+', '-').replaceAll('/', '_'))]
}

const asText = (value: unknown): string => {
  if (value instanceof ArrayBuffer) return asText(new Uint8Array(value))
  if (value instanceof Uint8Array) return new TextDecoder().decode(value)
  return String(value)
}

/** Every table that holds this text, in any spelling. */
const tablesWith = async (world: LedgerFixture, text: string): Promise<string[]> => {
  const tables = await world.sql("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'")
  const found: string[] = []
  for (const { name } of tables) {
    const rows = await world.sql(`select * from "${name}"`)
    const whole = rows.flatMap(row => Object.values(row).map(asText)).join('\n')
    if (disguises(text).some(spelling => whole.includes(spelling))) found.push(String(name))
  }
  return found
}

/** A complaint in which everybody says something personal. */
const gossip = async (world: LedgerFixture): Promise<number> => {
  const { name, phone, order, item, text } = PLANTED
  const asked = intake({ orderId: order, item, buyer: { name, phone }, statement: text })
  const answer = await world.order('submit', shop, null, asked, { key: 'hash', body: 'hash' })
  const id = 'id' in answer ? answer.id : 0
  await world.does('responses', merchant('m1', PLANTED.officer), id, { ...rejection, statement: text })
  await world.does('escalation', buyer, id, { reason: text })
  await world.does('assignment', officer(PLANTED.officer), id, { officer: PLANTED.officer })
  const remedy = { kind: 'return_refund', returnTo: text, freightPaidBy: 'merchant' } as const
  await world.does('rulings', officer(PLANTED.officer), id, ruling({ facts: text, reasons: text, remedy }))
  await world.does('return-shipment', buyer, id, { carrier: '顺丰', trackingNo: PLANTED.tracking })
  await world.ledger.resend(id)
  await world.sendAll()
  return id
}

export const erasure = (story: Story): void => {
  story('what is personal stands among the disclosures and nowhere else', async world => {
    await gossip(world)
    const { key: _, ...said } = PLANTED
    for (const text of Object.values(said)) {
      const places = await tablesWith(world, text)
      // An officer's name is the desk's own list too, of who has which open complaint.
      expect(places, text).toEqual(
        text === PLANTED.officer ? ['complaints', 'disclosures', 'team_assignees'] : ['disclosures'],
      )
    }
  })

  story('a redaction takes that field, and only that', async world => {
    const id = await gossip(world)
    const before = await world.entries(id)
    await world.does('redaction-request', buyer, id, { seq: 0, field: 'statement', reason: '说错了' })
    await world.does('redactions', officer(), id, { seq: 0, field: 'statement', reason: '应本人要求' })
    const after = await world.entries(id)
    expect(after[0]?.erased).toEqual(['statement'])
    expect(after[0]?.fields).toEqual(without(before[0]?.fields ?? {}, 'statement'))
    expect(after.slice(1, before.length)).toEqual(before.slice(1))
    expect(after.at(-1)?.step).toMatchObject({ kind: 'redacted', p: { seq: 0, field: 'statement', basis: 'author' } })
  })

  story('after it the timeline folds, acts go on, and a redaction is not repeated', async world => {
    const id = await gossip(world)
    const redact = (field: string) => world.order('redactions', officer(), id, { seq: 0, field, reason: '' })
    await world.does('withdrawal', buyer, id, { ground: 'other', reason: '' })
    await world.later(8 * DAY)
    for (const field of ['buyerPhone', 'remedySoughtAmount'])
      await world.does('redactions', officer(), id, { seq: 0, field, reason: '' })
    expect(await redact('buyerPhone')).toEqual({ refused: 'already_redacted' })
    expect(await redact('nothing')).toEqual({ refused: 'unknown_step' })
    // Every receipt needs it.
    expect(await redact('id')).toEqual({ refused: 'unknown_step' })
    expect(await tablesWith(world, PLANTED.phone)).toEqual([])
    await world.restart()
    await world.does('reopening', buyer, id, { reason: '还没退款' })
    expect(await world.ledger.find({ orderId: PLANTED.order, phone: PLANTED.phone })).toEqual([])
  })

  story(
    'all of an ended complaint goes at once, its phone is found no more, and so is an act that repeats it',
    async world => {
      const ids = [await gossip(world)]
      ids.push(await world.submit({ orderId: 'OTHER', buyer: { name: PLANTED.name, phone: `+86 ${PLANTED.phone}` } }))
      expect(await world.ledger.find({ phone: PLANTED.phone })).toEqual(ids)
      const [id = 0, open] = ids
      await world.does('withdrawal', buyer, id, { ground: 'other', reason: PLANTED.text })
      await world.later(8 * DAY)
      const { length } = await world.entries(id)
      const body = { seq: length - 1, field: '*', reason: '应本人要求' }
      expect(await world.order('redactions', officer(), id, body)).toEqual({ refused: 'not_yours' })
      const once = { key: 'k', body: 'b' }
      expect(await world.order('redactions', supervisor(), id, body, once)).toMatchObject({ replayed: false })
      expect(await world.order('redactions', supervisor(), id, body, once)).toMatchObject({ replayed: true })
      expect(await world.order('redactions', supervisor(), id, body)).toEqual({ refused: 'already_redacted' })
      for (const said of [PLANTED.text, PLANTED.tracking, PLANTED.order])
        expect(await tablesWith(world, said)).toEqual([])
      const [first, ...later] = await world.entries(id)
      expect(Object.keys(first?.fields ?? {})).toEqual(['id', 'merchantId', 'merchantName'])
      expect(later.slice(0, length - 1).flatMap(({ fields }) => Object.keys(fields))).toEqual([])
      expect(await world.ledger.find({ phone: PLANTED.phone })).toEqual([open])
      await world.restart()
      expect(await world.ledger.find({ phone: PLANTED.phone })).toEqual([open])
    },
  )

  story('two that were erased, of orders that nobody knows any more, can both be reopened', async world => {
    const ids = [await world.submit({ orderId: 'A' }), await world.submit({ orderId: 'B' })]
    for (const id of ids) await world.does('withdrawal', buyer, id, { ground: 'other', reason: '' })
    await world.later(8 * DAY)
    for (const id of ids) await world.does('redactions', supervisor(), id, { seq: 1, field: '*', reason: '' })
    await world.restart()
    for (const id of ids) await world.does('reopening', buyer, id, { reason: '还没退款' })
  })

  story(
    'an act in the same commit comes before the erasure, which is then stale, or after it, and stays',
    async world => {
      const [gone, stays] = [await world.submit({ orderId: 'A' }), await world.submit({ orderId: 'B' })]
      for (const id of [gone, stays]) await world.does('withdrawal', buyer, id, { ground: 'other', reason: '' })
      await world.later(8 * DAY)
      const erase = async (id: number) => {
        const expectedHead = (await world.ledger.head(id))?.head
        const body = { seq: 1, field: '*', reason: '' }
        return () => world.ledger.execute({ act: 'redactions', complaint: id, by: supervisor(), body, expectedHead })
      }
      const rate = (id: number) => () => world.order('rating', buyer, id, { score: 2, text: PLANTED.text })
      const first = [await erase(gone), rate(gone)].map(act => act())
      expect(await Promise.all(first)).toMatchObject([{ seq: 2 }, { seq: 3 }])
      const second = [rate(stays), await erase(stays)].map(act => act())
      expect(await Promise.all(second)).toMatchObject([{ seq: 2 }, { refused: 'stale' }])
      expect((await world.entries(gone)).map(({ fields }) => Object.keys(fields).includes('text'))).toEqual([
        false,
        false,
        false,
        true,
      ])
      expect((await world.entries(stays)).flatMap(({ erased }) => erased)).toEqual([])
    },
  )

  story('all of it goes only as it was looked at: a message that came meanwhile makes it stale', async world => {
    const id = await gossip(world)
    await world.does('withdrawal', buyer, id, { ground: 'other', reason: '' })
    await world.later(8 * DAY)
    const head = (await world.ledger.head(id))?.head
    const seq = (await world.entries(id)).length - 1
    const body = { seq, field: '*', reason: '' }
    await world.does('link-rotation', officer(), id, { reason: '换号' })
    const order = { act: 'redactions', complaint: id, by: supervisor(), body, expectedHead: head } as const
    expect(await world.ledger.execute(order)).toEqual({ refused: 'stale' })
    expect(await world.order('redactions', supervisor(), id, body)).toEqual({ refused: 'unknown_step' })
    expect((await world.entries(id))[0]?.erased).toEqual([])
  })

  story('what nobody may erase yet stays', async world => {
    const id = await gossip(world)
    const body = { seq: 0, field: 'statement', reason: '' }
    expect(await world.order('redactions', officer(), id, body)).toEqual({ refused: 'redaction_not_due' })
    await world.does('redactions', supervisor('S1'), id, body)
    expect((await world.entries(id))[0]?.erased).toEqual([])
    await world.does('redactions', supervisor('S2'), id, body)
    expect((await world.entries(id))[0]?.erased).toEqual(['statement'])
  })
}

const without = (fields: Readonly<Record<string, unknown>>, name: string) =>
  Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name))
