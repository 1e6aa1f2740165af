import { expect, test } from 'vitest'
import { LOCALES } from '../../../src/complaint/words.ts'
import { MESSAGES } from '../../../src/i18n/languages.ts'
import { languages } from '../../../src/views/context.ts'
import { hours } from '../../../src/views/timing.ts'
import { describedOnPaper, recordPage } from '../../../src/views/track/record.ts'
import { stories } from '../fixtures.ts'

test.each(LOCALES)('on paper every date has its year, also within the sentences of steps and misses: %s', locale => {
  const page = languages(MESSAGES, { verifyUrl: '/verify' })(locale)
  for (const make of [stories.stuck, stories.ruled, stories.extended]) {
    const story = make()
    const view = story.view('act', page.dictionary)
    const text = String(recordPage(view, story.page({ ...page, base: '/t/x' })))
    const [body = ''] = text.split('<main>')[1]?.split('</main>') ?? []
    for (const step of view.steps)
      for (const value of Object.values(step.fields))
        if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value))
          expect(body).not.toContain(page.dictionary.when(value))
    expect(body).not.toMatch(/(?<!\d{4}年)\d{1,2}月\d{1,2}日/)
  }
})

test('the record says where goods go back to, and who pays for it', () => {
  const story = stories.returnOffer()
  const text = String(recordPage(story.view(), story.page()))
  expect(text).toContain('退货地址：浙江省杭州市余杭区仓前街道 8 号 3 库')
  expect(text).toContain('退货运费：由商家承担')
})

test('a step without dates is described as everywhere', () => {
  const story = stories.review()
  const { dictionary } = languages(MESSAGES)('zh-CN')
  for (const step of story.view('act', dictionary).steps)
    expect(describedOnPaper(step, dictionary)).toBe(dictionary.describe(step))
})

test('whose hours the wait was: the buyer’s own are 您 on their own page, and 买家 for others', () => {
  const story = stories.proven()
  expect(String(hours(story.view(), story.page()))).toContain('<b>您</b>')
  const shared = story.page({ scope: 'view' })
  expect(String(hours(story.view('view'), shared))).toContain('<b>买家</b>')
})
