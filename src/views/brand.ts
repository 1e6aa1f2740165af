// The operator's own name, colour and legal lines on every page; the default is 透诉. `config/brand.ts` reads it from a setting.

import type { Locale } from '../complaint/words.ts'

type Texts = Readonly<Record<Locale, string>>

export interface Brand {
  names: Texts
  /** An SVG without script, shown as an image. */
  logo?: string | undefined
  /** #rrggbb that white text and our paper pass on (`hasContrast`). */
  colour?: string | undefined
  hotline?: string | undefined
  company?: string | undefined
  /** The number that the law wants on each page of a Chinese site. */
  icp?: string | undefined
  /** The operator's own privacy page; ours stands in its place. */
  privacy?: string | undefined
  links: readonly { text: Texts; url: string }[]
  /** Names these bytes, so that browsers keep its files for good. */
  version: string
}

/** WCAG 2.2, 1.4.3: text. */
const READABLE = 4.5
/** `--paper` and, in the dark, `--sheet` of public/app.css: the grounds on which links are hardest to read. */
const [PAPER, DARK_SHEET] = ['#f2f4f7', '#19202a']

type Channels = readonly [number, number, number]
export const channelsOf = (colour: string): Channels => {
  const value = Number.parseInt(colour.slice(1), 16)
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255]
}
const hex = (channels: Channels): string =>
  `#${channels.map(each => Math.round(each).toString(16).padStart(2, '0')).join('')}`

/** Relative luminance (WCAG 2.2). */
const luminance = (colour: string): number => {
  const [red, green, blue] = channelsOf(colour).map(each => {
    const part = each / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** 1 to 21. */
export const contrast = (one: string, other: string): number => {
  const [light, dark] = [luminance(one), luminance(other)].toSorted((a, b) => b - a) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

/** White text on this colour, and this colour as a link on our paper, can be read. */
export const hasContrast = (colour: string): boolean => contrast(colour, PAPER) >= READABLE

/** The same hue, in the least steps towards black in which it can be read. */
export const nearestReadable = (colour: string): string => {
  const [red, green, blue] = channelsOf(colour)
  for (let part = 100; part > 0; part--) {
    const darker = hex([(red * part) / 100, (green * part) / 100, (blue * part) / 100])
    if (hasContrast(darker)) return darker
  }
  return '#000000'
}

/** A link in the dark: the same hue, in the least steps towards white. */
const inTheDark = (colour: string): string => {
  for (let part = 0; part < 100; part++) {
    const [red, green, blue] = channelsOf(colour).map(each => each + ((255 - each) * part) / 100) as [
      number,
      number,
      number,
    ]
    const lighter = hex([red, green, blue])
    if (contrast(lighter, DARK_SHEET) >= READABLE) return lighter
  }
  return '#ffffff'
}

/** The style sheet that stands after ours; empty where the colour is ours as well. */
export const brandStyle = ({ colour }: Brand): string =>
  colour === undefined
    ? ''
    : `:root{--link:${colour};--go:${colour}}@media (prefers-color-scheme:dark){:root{--link:${inTheDark(colour)}}}`

/** Where a host serves the files of a brand. */
export const brandUrls = ({ version }: Brand, at = '/brand') => ({
  style: `${at}.css?v=${version}`,
  logo: `${at}.svg?v=${version}`,
  manifest: `${at}.json?v=${version}`,
  picture: `${at}.png?v=${version}`,
})
export type BrandUrls = ReturnType<typeof brandUrls>

/** Web app manifest (W3C). */
export const brandManifest = (brand: Brand, urls: BrandUrls): object => ({
  name: brand.names['zh-CN'],
  short_name: brand.names['zh-CN'],
  start_url: '/',
  display: 'browser',
  ...(brand.colour && { theme_color: brand.colour }),
  icons: brand.logo
    ? [{ src: urls.logo, sizes: 'any', type: 'image/svg+xml' }]
    : [{ src: '/icon-512.png', sizes: '512x512', type: 'image/png' }],
})
