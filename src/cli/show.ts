import { iso } from '../complaint/time.ts'
import type { Dictionary } from '../complaint/view/types.ts'
import { LOCALES, type Locale } from '../complaint/words.ts'
import { enVerify } from '../i18n/en/verify.ts'
import { DICTIONARIES, MESSAGES } from '../i18n/languages.ts'
import { zhCNVerify } from '../i18n/zh-CN/verify.ts'
import { zhTWVerify } from '../i18n/zh-TW/verify.ts'
import type { Json } from '../log/disclosure.ts'
import { verifyReceipt } from '../log/verify.ts'
import { type StepInReceipt, toReceiptView } from '../verify-page/receipt-view.ts'
import { CliError, type Command, FINE, only, REFUSED, readArguments, readJson, readText, report } from './io.ts'

/**
 * Says a receipt in words: each step, its texts, and who must act until when after it. Exit 0; 1 where it can't be read, or
 * fails a check of `--policy`.
 */
export const show: Command = async (args, io) => {
  const { values, positionals } = readArguments(args, { policy: { type: 'string' }, lang: { type: 'string' } })
  const receipt = readJson(only(positionals, 'one receipt'))
  const locale = localeOf(values.lang ?? io.locale)
  const words = wordsOf(locale)
  const told = toReceiptView(receipt, DICTIONARIES[locale])
  if (told === null) {
    io.out(`✗ ${words.script['say.unreadable']}`)
    return REFUSED
  }
  const verified = values.policy === undefined ? null : await verifyReceipt(receipt, readText(values.policy))
  if (verified?.ok === false)
    report(
      verified.checks.filter(check => !check.ok),
      io,
    )
  io.out(
    verified === null ? `! ${words.script.toldUnchecked}` : verified.ok ? words.script.told : words.script.toldAnyway,
  )
  io.out(`${words.script.id}: ${told.id}`)
  io.out(`${words.script.origin}: ${told.origin}`)
  io.out(`${words.script.iat}: ${whole(told.iat)}`)
  for (const step of told.steps) {
    io.out('')
    for (const line of linesOf(step, words)) io.out(line)
  }
  return verified?.ok === false ? REFUSED : FINE
}

const VERIFY = { 'zh-CN': zhCNVerify, 'zh-TW': zhTWVerify, en: enVerify }

const wordsOf = (locale: Locale) => ({
  script: VERIFY[locale].script,
  dictionary: DICTIONARIES[locale],
  timeline: MESSAGES[locale].track.timeline,
  fields: MESSAGES[locale].track.fields as Readonly<Record<string, string>>,
})
type Words = ReturnType<typeof wordsOf>

/** `zh_TW.UTF-8`, as an environment says it, or `zh-TW`. Chinese where nothing is said: so are the complaints. */
const localeOf = (named: string | undefined): Locale => {
  const [language = ''] = (named ?? '').replace('_', '-').split('.')
  if (/^zh-(TW|HK|Hant)/i.test(language)) return 'zh-TW'
  const found = LOCALES.find(locale => language.toLowerCase().startsWith(locale.slice(0, 2)))
  return found ?? (language === '' ? 'zh-CN' : 'en')
}

const linesOf = ({ leaf, sentence, opened, withheld }: StepInReceipt, words: Words): string[] => {
  const { script, dictionary } = words
  const no = script.step.replace('{no}', String(leaf.seq + 1))
  const late = leaf.on === leaf.at ? '' : ` (${whole(leaf.on)})`
  return [
    `${no} · ${whole(leaf.at)}${late} · ${byline(leaf, words)}`,
    `  ${sentence}`,
    ...opened.flatMap(([name, value]) => quoted(labelOf(leaf.kind, name, words), shown(value, dictionary))),
    ...(withheld > 0 ? [`  ${script.withheld.replace('{count}', String(withheld))}`] : []),
    `  → ${standing(leaf, dictionary)}`,
  ]
}

const byline = ({ by, auto }: StepInReceipt['leaf'], { dictionary, timeline }: Words): string => {
  if (by === 'system') return timeline.clock
  const roles: Record<string, string> = dictionary.roles
  return `${roles[by] ?? by} · ${auto ? timeline.machine : by === 'buyer' ? timeline.self : timeline.human}`
}

/** What stands after the step, as its leaf says. */
const standing = ({ state, holder, due, rule }: StepInReceipt['leaf'], { states, roles }: Dictionary): string => {
  const [named, parties]: Record<string, string>[] = [states, roles]
  const parts = [
    state === null ? null : (named?.[state] ?? state),
    holder === null ? null : (parties?.[holder] ?? holder),
  ]
  return [...parts, due === null ? null : `${whole(due)} (${rule})`].filter(part => part !== null).join(' · ')
}

const labelOf = (kind: string, name: string, { script, fields }: Words): string => {
  const [, file] = /^file(\d+)$/.exec(name) ?? []
  if (file !== undefined) return script.file.replace('{no}', file)
  const own: Readonly<Record<string, string>> = script
  return own[`field.${name}`] ?? fields[`${kind}.${name}`] ?? fields[name] ?? name
}

const shown = (value: Json, dictionary: Dictionary): string => {
  if (typeof value === 'string') return value
  if (typeof value === 'object' && value !== null && 'sha256' in value)
    return [value.name, `SHA-256 ${value.sha256}`].filter(Boolean).join(' ')
  return dictionary.amount(value) || JSON.stringify(value)
}

/** A party's words stand behind a bar, so that they can't look like ours, and can't move the cursor. */
const quoted = (label: string, text: string): string[] => [
  `  ${label}:`,
  ...text.split('\n').map(line => `  | ${printable(line)}`),
]
const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}]/gu, '\ufffd')

/** In Beijing time, with its seconds, as it is compared with other lines. */
const whole = (at: number): string => {
  try {
    return `${iso(at + 8 * 3_600_000)
      .slice(0, 19)
      .replace('T', ' ')} +08:00`
  } catch {
    throw new CliError('an instant beyond the calendar')
  }
}
