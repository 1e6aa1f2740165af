import type { ScriptWord } from '../i18n/zh-CN/verify.ts'

/** The page's language comes with the page, so that one script serves all. */
type Word = ScriptWord | `${'check' | 'why' | 'field' | 'hand'}.${string}`
export interface Say {
  (word: Word, filling?: Readonly<Record<string, string | number>>): string
  has(word: Word): boolean
}

/** `json` is a flat object of strings. A word that is missing (the page is newer than this script) shows as its own name. */
export const sayer = (json: string): Say => {
  const words = new Map(Object.entries(JSON.parse(json)).map(([name, word]) => [name, String(word)]))
  const say = (word: Word, filling: Readonly<Record<string, string | number>> = {}): string =>
    (words.get(word) ?? word).replace(/\{(\w+)\}/g, (_, name) => String(filling[name] ?? ''))
  return Object.assign(say, { has: (word: Word) => words.has(word) })
}
