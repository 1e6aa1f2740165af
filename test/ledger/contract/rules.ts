import { expect } from 'vitest'
import type { PlatformRule } from '../../../src/complaint/platform-rule.ts'
import { verifyReceipt } from '../../../src/log/verify.ts'
import type { Story } from '../fixture.ts'
import { buyer, HOUR, type LedgerFixture, merchant, officer, rejection } from '../fixture.ts'

const rule = (version: number, more: Partial<PlatformRule> = {}): PlatformRule => ({
  ...{ code: 'misdescribed', version, title: '描述不符的处理', text: `第 ${version} 版的全文`, locale: 'zh-CN' },
  ...more,
})
const adopted = async ({ ledger }: LedgerFixture, version: number, more: Partial<PlatformRule> = {}) => {
  const done = await ledger.adoptRule(rule(version, more))
  if (done === null || 'refused' in done) throw new Error('not adopted')
  return done
}
const ruling = (cites?: string[]) => ({
  ...{ outcome: 'for_merchant' as const, facts: '相符', rule: '平台规则', reasons: '证据充分' },
  ...(cites && { cites }),
})
const inReview = async (world: LedgerFixture) => {
  const id = await world.submit()
  await world.does('responses', merchant(), id, rejection)
  await world.does('escalation', buyer, id, { reason: '不同意' })
  return id
}

export const rules = (story: Story): void => {
  story('a version is adopted once, in order, and is served as it was hashed', async world => {
    const { ledger } = world
    const first = await adopted(world, 1)
    expect(await adopted(world, 1)).toEqual(first)
    expect(await ledger.adoptRule(rule(1, { text: '另一份' }))).toBeNull()
    expect(await ledger.adoptRule(rule(3))).toBeNull()
    await world.later(HOUR)
    const second = await adopted(world, 2, { repealed: true })
    await adopted(world, 1, { code: 'colour' })
    await world.restart()
    expect((await world.ledger.rules()).map(({ code, version, at }) => [code, version, at - first.at])).toEqual([
      ['misdescribed', 1, 0],
      ['misdescribed', 2, HOUR],
      ['colour', 1, HOUR],
    ])
    expect(JSON.parse((await world.ledger.log.rule(second.digest)) ?? '')).toEqual(rule(2, { repealed: true }))
    expect(await world.ledger.log.rule('A'.repeat(43))).toBeNull()
    await world.submit()
  })

  story(
    'a ruling cites versions as they stood, also after the next one; an unknown version is refused',
    async world => {
      const [first, id] = [await adopted(world, 1), await inReview(world)]
      for (const name of ['misdescribed@2', 'other@1'])
        expect(await world.order('rulings', officer('A17'), id, ruling([name]))).toEqual({ refused: 'unknown_rule' })
      await world.later(HOUR)
      const late = await adopted(world, 1, { code: 'colour' })
      await world.does('rulings', officer('A17'), id, ruling(['misdescribed@1', 'colour@1', 'misdescribed@1']))
      await adopted(world, 2)
      await world.restart()
      const newest = (await world.ledger.read(id))?.entries.at(-1)
      expect(newest?.step.p).toMatchObject({ cites: `${first.digest} ${late.digest}` })
      expect(newest?.cites).toEqual([first, late])
    },
  )

  story(
    'a receipt shows what is cited with the leaf that adopted it, and tells another text or a later leaf',
    async world => {
      await adopted(world, 1)
      await adopted(world, 1, { code: 'unused' })
      const id = await inReview(world)
      await world.does('rulings', officer('A17'), id, ruling(['misdescribed@1']))
      const { policy } = await world.ledger.log.identity()
      const receipt = await world.ledger.receipt(id, 'share')
      const [shown] = receipt?.rules ?? []
      if (!receipt || !shown) throw new Error('no rule')
      const failed = async (value: object) =>
        (await verifyReceipt({ ...receipt, ...value }, policy)).checks.filter(({ ok }) => !ok).map(({ name }) => name)
      expect(receipt.rules).toHaveLength(1)
      expect(await failed({})).toEqual([])
      expect(await failed({ rules: [] })).toEqual(['rules'])
      expect(await failed({ rules: undefined })).toEqual(['rules'])
      expect(await failed({ rules: [{ ...shown, document: shown.document.replace('1 版', '9 版') }] })).toEqual([
        'rules',
      ])
      expect(await failed({ rules: [{ ...shown, leaf: receipt.keys[0]?.leaf }] })).toEqual(['rules'])
      const other = await inReview(world)
      expect((await world.ledger.receipt(other, 'share'))?.rules).toBeUndefined()
    },
  )
}
