import type { Locale } from '../../src/complaint/words.ts'

const HAN = /\p{Script=Han}/gu

/** Big5's frequently used characters (A440 to C67E): what a Taiwanese school teaches, and no simplified form. */
const taught = (): Set<string> => {
  const decoder = new TextDecoder('big5')
  const trails = [...Array(0x3f).keys()].map(i => 0x40 + i).concat([...Array(0x5e).keys()].map(i => 0xa1 + i))
  const leads = [...Array(0xc7 - 0xa4).keys()].map(i => 0xa4 + i)
  return new Set(leads.flatMap(lead => trails.map(trail => decoder.decode(Uint8Array.of(lead, trail)))))
}
const TAUGHT = taught()

/** Taught in Taiwan too, but for another word: 後, 裡, 於, 幹 or 乾, 準 and 採 were meant. */
const OTHER_WORDS = /后|里|于|干|准[时時备備确確]|采[取用购購]|松|谷|丑/
/** How the mainland says it. */
const MAINLAND =
  /商家|短信|鏈接|信息|視頻|文件|默認|快遞|舉報|時限|賬|登錄|打印|質量|反饋|數據|源代碼|用戶|粘貼|點擊|設備|網絡|打碼|演示|保存|時間段|復核|人工|兌現|尾號|申訴/
const TRADITIONAL_ALONE =
  /[這個們為時說請發動過還進實際處開關來對應當後從區別書長門問間見現車馬語認讓設訴證評論話詢該詳]/

/** What is wrong with a text of this language; empty where nothing is. The names of parties are taken out before. */
export const faults = (locale: Locale, text: string): string[] => [
  ...(text.trim() === '' ? ['empty'] : []),
  ...(text.match(/undefined|null|NaN|\[object|Invalid|\$\{|\{\w+\}| {2}|，，|：，|。。|“”|「」|\(\)|（）/g) ?? []),
  ...OF[locale](text),
]

const OF: Record<Locale, (text: string) => string[]> = {
  'zh-CN': text => text.match(TRADITIONAL_ALONE) ?? [],
  'zh-TW': text => [
    ...(text.match(HAN) ?? []).filter(char => !TAUGHT.has(char)),
    ...(text.match(OTHER_WORDS) ?? []),
    ...(text.match(MAINLAND) ?? []),
  ],
  en: text => [
    ...(text.match(/[\p{Script=Han}，。：；！？（）「」、]/gu) ?? []),
    ...(text.match(/\b1 (?:days|hours|minutes|files|times|steps|reminders|witnesses|working days)\b/g) ?? []),
    ...(text.match(/\b(?:[2-9]|\d\d+) (?:day|hour|minute|file|time|reminder|witness|working day)\b/g) ?? []),
    ...(text.match(/_/g) ?? []),
  ],
}

/** What a function among the words is called with: by its name, several times. */
export type Fillings = (name: string) => readonly (readonly unknown[])[]

/** Every text of a table of words, with its path. */
export const textsOf = (words: unknown, fillings: Fillings, path = ''): [path: string, text: string][] => {
  if (typeof words === 'string') return [[path, words]]
  if (typeof words === 'function') {
    const name = path.split('.').at(-1) ?? ''
    return fillings(name).flatMap(filling => textsOf(words(...filling), fillings, `${path}(${filling.join()})`))
  }
  if (typeof words !== 'object' || words === null) return []
  return Object.entries(words).flatMap(([name, each]) =>
    textsOf(each, fillings, path === '' ? name : `${path}.${name}`),
  )
}
