import { html as tag } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'

/** Markup that is escaped already. Made by `html` alone. */
export type Html = HtmlEscapedString
/** What may stand in a template. Strings are escaped; null and false leave nothing. */
type Value = string | number | null | false | Html | readonly (Html | null | false)[]

// hono answers with a promise only where a value is one, and `Value` has none.
export const html = (strings: TemplateStringsArray, ...values: Value[]): Html => tag(strings, ...values) as Html

const BIDI_CONTROLS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/** Bidi isolation: a person's text inside our own line can't reverse our words. Blocks of their text use `dir="auto"` instead. */
export const inline = (text: string): string => text.replace(BIDI_CONTROLS, '')
