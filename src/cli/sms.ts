import * as v from 'valibot'
import { LOCALES } from '../complaint/words.ts'
import { fromBase64url } from '../log/encoding.ts'
import { LINK_MODES, templateText, VARIANTS, vendorsOf } from '../notify/sms/catalogue.ts'
import { reportSecret } from '../notify/sms/vendors/reports.ts'
import { CliError, type Command, FINE, needed, only, readArguments, readText } from './io.ts'

const Tags = v.pipe(v.string(), v.parseJson(), v.object({ tags: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/)) }))

/** The addresses to give to the SMS vendors, for their delivery reports. Two of them are secrets. */
export const reports: Command = async (args, io) => {
  const { values, positionals } = readArguments(args, { secrets: { type: 'string' } })
  const base = only(positionals, 'the address of the server').replace(/\/$/, '')
  if (!/^https:\/\/[^/?#\s]+$/.test(base)) throw new CliError('the address is not like https://t.example.cn')
  const tags = tagsIn(values.secrets === undefined ? (process.env.TOUSU_SECRETS ?? '') : readText(values.secrets))
  for (const vendor of ['aliyun', 'tencent'])
    io.out(`${vendor} ${base}/hooks/sms/${vendor}/${reportSecret(tags, vendor)}`)
  for (const vendor of ['twilio', 'gateway']) io.out(`${vendor} ${base}/hooks/sms/${vendor}`)
  return FINE
}

const tagsIn = (text: string): Uint8Array => {
  const parsed = v.safeParse(Tags, text)
  if (!parsed.success) throw new CliError('no secrets: give --secrets FILE, or set TOUSU_SECRETS')
  return fromBase64url(parsed.output.tags)
}

/** The texts to register with an SMS vendor, in its own way of writing variables; the vendor adds the signature. */
export const templates: Command = async (args, io) => {
  const option = { type: 'string' } as const
  const { values, positionals } = readArguments(args, { vendor: option, locale: option, mode: option })
  const base = only(positionals, 'the address of the server').replace(/\/$/, '')
  const vendor = oneOf(Object.keys(VARIABLES), values.vendor, '--vendor')
  const locale = oneOf(LOCALES, values.locale ?? 'zh-CN', '--locale')
  const mode = oneOf(LINK_MODES, values.mode, '--mode')
  const write = (text: string): string => VARIABLES[vendor]?.(text) ?? text
  for (const variant of VARIANTS) {
    const takes = vendorsOf(variant, locale).some(each => each === vendor)
    if (takes) io.out(`${variant}\t${write(templateText(variant, locale, mode, base))}`)
    else io.err(`${variant}: ${vendor} does not take it in ${locale}\n`)
  }
  return FINE
}

/** Vendors that send registered templates alone. */
const VARIABLES: Readonly<Record<string, (text: string) => string>> = {
  aliyun: text => text.replace(/\{(\w+)\}/g, (_, name) => `\${${name}}`),
  tencent: text => {
    let n = 0
    return text.replace(/\{\w+\}/g, () => `{${++n}}`)
  },
}

const oneOf = <T extends string>(all: readonly T[], value: string | undefined, option: string): T => {
  const found = all.find(each => each === needed(value, option))
  if (found === undefined) throw new CliError(`${option} is one of ${all.join(', ')}`)
  return found
}
