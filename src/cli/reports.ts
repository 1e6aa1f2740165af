import * as v from 'valibot'
import { reportSecret } from '../link/report-secret.ts'
import { fromBase64url } from '../log/encoding.ts'
import { only, readArguments } from './arguments.ts'
import { readText } from './files.ts'
import { CliError, type Command, FINE } from './io.ts'

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
