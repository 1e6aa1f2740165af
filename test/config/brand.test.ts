import { describe, expect, test } from 'vitest'
import { readBrand } from '../../src/config/brand.ts'
import { readNodeSettings } from '../../src/config/settings.ts'
import { brandStyle, contrast, hasContrast } from '../../src/views/brand.ts'

const NAMES = { 'zh-CN': '小满商城' }
const read = (more: object) => readBrand(JSON.stringify({ names: NAMES, ...more }))

test('a language that was left out says it in Chinese', () => {
  expect(read({ names: { ...NAMES, en: 'Xiaoman' } }).names).toEqual({
    'zh-CN': '小满商城',
    'zh-TW': '小满商城',
    en: 'Xiaoman',
  })
})

test('contrast as WCAG reckons it', () => {
  expect(contrast('#000000', '#ffffff')).toBe(21)
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
})

test('a colour that cannot be read is refused, with the nearest that can', () => {
  expect(() => read({ hue: '#ff9900' })).toThrow(
    /hue #ff9900 can't be read on white; the nearest that can is #[0-9a-f]{6}/,
  )
  const nearest = /nearest that can is (#[0-9a-f]{6})/.exec(String(attempt({ hue: '#ff9900' })))?.[1] ?? ''
  expect(hasContrast(nearest)).toBe(true)
  const { colour } = read({ hue: nearest })
  expect(colour).toBe(nearest)
  // The nearest: a step less dark is not enough.
  const [red, green, blue] = [1, 3, 5].map(at => Number.parseInt(nearest.slice(at, at + 2), 16)) as [
    number,
    number,
    number,
  ]
  expect([red > green, green > blue, blue]).toEqual([true, true, 0])
  expect(contrast(nearest, '#f2f4f7')).toBeLessThan(4.7)
})

const attempt = (more: object): unknown => {
  try {
    return read(more)
  } catch (error) {
    return error
  }
}

test('in the dark the same hue is lighter', () => {
  const dark = /dark\)\{:root\{--link:(#[0-9a-f]{6})/.exec(brandStyle(read({ hue: '#7a2e8e' })))?.[1] ?? ''
  expect(contrast(dark, '#19202a')).toBeGreaterThanOrEqual(4.5)
})

const svg = (inner: string, outer = '') => `<svg xmlns="http://www.w3.org/2000/svg"${outer}>${inner}</svg>`

describe('a logo', () => {
  test('that draws is kept to the byte', () => {
    const logo = svg('<linearGradient id="g"/><path d="M0 0h9" fill="url(#g)"/><use href="#g"/>')
    expect(read({ logo }).logo).toBe(logo)
  })

  test.each([
    svg('<script>alert(1)</script>'),
    svg('<SCRIPT href="//x.example/a.js"/>'),
    svg('<svg:script>alert(1)</svg:script>'),
    svg('<path d="M0 0"/>', ' onload="alert(1)"'),
    svg('<path d="M0 0"/>', '\nonload\n=alert(1)'),
    svg('<image href="https://x.example/pixel.png"/>'),
    svg('<use xlink:href="data:image/svg+xml,x"/>'),
    svg('<a href="javascript:alert(1)"><path/></a>'),
    svg('<foreignObject><p>hi</p></foreignObject>'),
    svg('<set attributeName="onload" to="alert(1)"/>'),
    svg('<style>@import "https://x.example/a.css"</style>'),
    svg('<style>path{fill:url(https://x.example/a)}</style>'),
    svg('<path fill="&#106;"/>'),
    `<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>${svg('&x;')}`,
    '<p>not a picture</p>',
    svg('x'.repeat(17_000)),
  ])('that may run or load something is refused: %#', logo => {
    expect(() => read({ logo })).toThrow(/^logo /)
  })
})

test.each([
  [{ privacy: 'javascript:alert(1)' }, 'privacy'],
  [{ privacy: '//x.example' }, 'privacy'],
  [{ links: [{ text: NAMES, url: 'http://x.example' }] }, 'links.0.url'],
  [{ hotline: '400<b>' }, 'hotline'],
  [{ names: {} }, 'names.zh-CN'],
  [{ colour: '#000000' }, 'colour'],
])('what is wrong is named: %j', (more, path) => {
  expect(() => read(more)).toThrow(`${path} is not as docs/settings.md says`)
})

test('the setting: JSON or a file, and its faults beside the others', async () => {
  const file = JSON.stringify({ names: NAMES })
  expect((await readNodeSettings({ TOUSU_BRAND: 'brand.json' }, () => file)).brand?.names.en).toBe('小满商城')
  expect((await readNodeSettings({ TOUSU_BRAND: file })).brand?.names.en).toBe('小满商城')
  expect((await readNodeSettings({})).brand).toBeUndefined()
  await expect(readNodeSettings({ TOUSU_BRAND: '{', PORT: 'x' })).rejects.toThrow(/TOUSU_BRAND: is not JSON/)
})
