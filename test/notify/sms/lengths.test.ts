import { expect, test } from 'vitest'
import { LOCALES } from '../../../src/complaint/words.ts'
import { FORBIDDEN, LINK_MODES, render, VARIANTS, VENDORS, vendorsOf } from '../../../src/notify/sms/catalogue.ts'
import { smsLength } from './length.ts'
import { BASE_URL } from './support.ts'

const WIDE = Date.parse('2026-12-31T22:00:00+08:00')
/** The widest that each value can be; a short deadline is an hour on its own day, and a date before. */
const WIDEST = {
  by: WIDE,
  due: WIDE,
  days: 99,
  count: 9999,
  token: 'W'.repeat(25),
  code: 'W'.repeat(8),
  fingerprint: 'W'.repeat(26),
}
const DAYS = [WIDE - 3_600_000, WIDE - 5 * 86_400_000]

/** Every variant in every language and link mode, with the longer of its two ways to write a deadline. */
const all = VARIANTS.flatMap(variant =>
  LOCALES.flatMap(locale =>
    LINK_MODES.map(mode => {
      const texts = DAYS.map(now => render({ variant, locale, mode, baseUrl: BASE_URL }, WIDEST, now))
      const [longest] = texts.toSorted((a, b) => b.text.length - a.text.length)
      return { variant, locale, mode, text: longest?.text ?? '', params: longest?.params ?? {} }
    }),
  ),
)

const limitOf = (variant: string): number => (variant === 'submitted' ? 134 : 70)

test('there are as many as variants, languages and link modes make', () => {
  expect(all).toHaveLength(VARIANTS.length * 6)
  expect(BASE_URL).toHaveLength(18)
})

const formsOf = (variant: string) => all.filter(each => each.variant === variant)

test.each(VARIANTS)('%s fits in every language and link mode', variant => {
  for (const { text } of formsOf(variant)) {
    const { units, segments } = smsLength(text)
    expect(units, text).toBeLessThanOrEqual(limitOf(variant))
    expect(segments, text).toBe(variant === 'submitted' ? 2 : 1)
  }
})

test.each(VARIANTS)('%s is made of its values', variant => {
  for (const each of formsOf(variant)) madeOfItsValues(each)
})

const madeOfItsValues = ({ variant, text, params, mode }: (typeof all)[number]) => {
  expect(text).not.toMatch(/[{}]|undefined|NaN/)
  // Phishing: the code goes to a number that a stranger may have entered, so it leads nowhere.
  const link = variant === 'contact_code' ? '' : String.raw` https://t\.tousu\.cn[^ ]*`
  expect(text).toMatch(new RegExp(`^【[^【】]+】[^【】]+${link}$`))
  // In the order of their places, for vendors that know values by number.
  const places = Object.values(params).map(value => text.indexOf(value))
  expect(places).toEqual(places.toSorted((a, b) => a - b))
  if (mode === 'code' && !variant.startsWith('digest')) {
    expect(params).toHaveProperty('code')
    expect(text).not.toContain('/t/')
  }
}

test('every template names the vendors that take it', () => {
  for (const { variant, locale, text } of all) {
    const vendors = vendorsOf(variant, locale)
    expect(vendors.length, variant).toBeGreaterThan(0)
    for (const vendor of vendors) expect(text, `${variant} ${vendor}`).not.toMatch(FORBIDDEN[vendor] ?? /(?!)/)
    expect(vendors.includes('aliyun'), `${variant} ${locale}`).toBe(locale !== 'zh-TW')
    expect(VENDORS).toEqual(expect.arrayContaining([...vendors]))
  }
})

test('no language borrows the characters of another', () => {
  const texts = (locale: string) =>
    all
      .filter(each => each.locale === locale)
      .map(({ text }) => text.slice(4))
      .join('')
  expect(texts('en')).toMatch(/^[\x20-\x7e【】]+$/)
  expect(texts('zh-CN')).not.toMatch(/[訴須請碼證鏈複買賣經為訂準處這過]/)
  expect(texts('zh-TW')).not.toMatch(/[诉须请码证链复买卖经为订准处这过]/)
})

/** As docs/sms-lengths.md shows them. */
const table = (): string => {
  const cell = (variant: string, locale: string, mode: string) => {
    const found = formsOf(variant).find(each => each.locale === locale && each.mode === mode)
    return `${found ? smsLength(found.text).units : '–'}`
  }
  const columns = LOCALES.flatMap(locale => LINK_MODES.map(mode => ({ locale, mode })))
  const rows = VARIANTS.map(variant => {
    const cells = columns.map(({ locale, mode }) => cell(variant, locale, mode))
    return `| \`${variant}\` | ${cells.join(' | ')} | ${limitOf(variant)} |`
  })
  return [
    '# Lengths of every SMS',
    '',
    'UCS-2 units with signature, link and the widest values, at a base URL of 18 characters. One message holds 70; the',
    'first one may take two (134). Written by `test/notify/sms/lengths.test.ts`, which fails when this file is another:',
    '`npx vitest run --project node test/notify/sms/lengths.test.ts -u` writes it anew.',
    '',
    `| variant | ${columns.map(({ locale, mode }) => `${locale} ${mode}`).join(' | ')} | limit |`,
    `|---|${columns.map(() => '--:|').join('')}--:|`,
    ...rows,
    '',
  ].join('\n')
}

test('docs/sms-lengths.md reports every length', async () => {
  await expect(table()).toMatchFileSnapshot('../../../docs/sms-lengths.md')
})
