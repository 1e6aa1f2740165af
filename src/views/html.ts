import type { HtmlEscapedString } from 'hono/utils/html'

/** Markup that is escaped already. Made by `html` alone; the type is hono's, so that its helpers know it. */
export type Html = HtmlEscapedString
/** What may stand in a template. Strings are escaped; null and false leave nothing. */
type Value = string | number | null | false | Html | readonly (Html | null | false)[]

/** Escapes as hono's tag of that name does, in a third of its time: nothing here is ever a promise. */
export const html = (strings: TemplateStringsArray, ...values: Value[]): Html => {
  let text = strings[0] ?? ''
  for (let i = 0; i < values.length; i++) text += written(values[i]) + strings[i + 1]
  return markup(text)
}

const markup = (text: string): Html => {
  // Cast: an object of String with the mark by which `Html` is told from text that is not escaped yet.
  const made = new String(text) as unknown as Html
  made.isEscaped = true
  return made
}

const written = (value: Value | undefined): string => {
  if (typeof value === 'string') return escaped(value)
  if (typeof value === 'number') return `${value}`
  if (value === null || value === undefined || value === false) return ''
  // Not by a template: that looks up how to convert an object, each time.
  if (!Array.isArray(value)) return value.toString()
  let text = ''
  for (const each of value) if (each) text += each.toString()
  return text
}

const SPECIAL = /[&<>'"]/
const SPECIALS = /[&<>'"]/g
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  "'": '&#39;',
  '"': '&quot;',
}

const escaped = (text: string): string =>
  SPECIAL.test(text) ? text.replace(SPECIALS, character => ENTITIES[character] ?? '') : text

const BIDI_CONTROLS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/** Bidi isolation: a person's text inside our own line can't reverse our words. Blocks of their text use `dir="auto"` instead. */
export const inline = (text: string): string => text.replace(BIDI_CONTROLS, '')
