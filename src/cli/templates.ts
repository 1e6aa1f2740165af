import { LOCALES } from '../complaint/words.ts'
import { LINK_MODES, templateText, VARIANTS, vendorsOf } from '../notify/sms/catalogue.ts'
import { needed, only, readArguments } from './arguments.ts'
import { CliError, type Command, FINE } from './io.ts'

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
