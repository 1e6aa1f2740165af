import * as v from 'valibot'
import { LOCALES, type Locale } from '../../complaint/words.ts'
import type { SmsProvider } from './provider.ts'

/** Lines of text that outlive the process, oldest first; a file, or an array. */
export interface LineStore {
  append(line: string): void
  lines(): string[]
}

export interface PhoneMessage {
  to: string
  text: string
  /** UTC ms. */
  at: number
  /** Variant of the catalogue, and the language it is written in. */
  template: string
  locale: Locale
}

/** The last instant that a date can say (ECMA-262, 21.4.1.1). */
const LATEST = 8.64e15

const Line = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    to: v.string(),
    text: v.string(),
    at: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(LATEST)),
    key: v.string(),
    template: v.optional(v.string(), ''),
    locale: v.optional(v.picklist(LOCALES), 'zh-CN'),
  }),
)

/** A line that was cut short by a crash is no message; it comes again with its key. */
const read = (lines: readonly string[]) =>
  lines.flatMap(line => {
    const parsed = v.safeParse(Line, line)
    return parsed.success ? [parsed.output] : []
  })

/** Demo mode's phone, for every number: keeps what is sent to it. It holds personal data, as any phone does. */
export const demoPhone = (
  store: LineStore,
  clock: { now(): number } = { now: () => Date.now() },
): SmsProvider & { messages(): PhoneMessage[] } => {
  const keys = new Set(read(store.lines()).map(({ key }) => key))
  return {
    name: 'demo-phone',
    async send({ to, text, key, template, locale }) {
      if (keys.has(key)) return { status: 'accepted' }
      store.append(JSON.stringify({ to, text, at: clock.now(), key, template, locale }))
      keys.add(key)
      return { status: 'accepted' }
    },
    messages: () => read(store.lines()).map(({ key: _, ...message }) => message),
  }
}
