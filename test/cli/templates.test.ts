import { expect, test } from 'vitest'
import { main } from '../../src/cli/tousu.ts'
import { VARIANTS } from '../../src/notify/sms/catalogue.ts'

const run = async (...args: string[]) => {
  const [out, err]: [string[], string[]] = [[], []]
  const io = { out: (line: string) => void out.push(line), err: (text: string) => void err.push(text) }
  const code = await main(['templates', ...args], { ...io, tty: false, now: Date.now, fetch })
  return { code, out, err }
}
const lineOf = (out: readonly string[], variant: string) => out.find(line => line.startsWith(`${variant}\t`))

test('every template that the vendor takes, with its kind of variables', async () => {
  const { out } = await run('https://t.tousu.cn', '--vendor', 'tencent', '--mode', 'link')
  expect(out).toHaveLength(VARIANTS.length)
  expect(lineOf(out, 'merchant_responded.offer')).toMatch(
    /^merchant_responded\.offer\t.*\{1\}.* https:\/\/t\.tousu\.cn\/t\/\{2\}$/,
  )
  const aliyun = await run('https://t.tousu.cn/', '--vendor', 'aliyun', '--mode', 'code')
  expect(lineOf(aliyun.out, 'link')).toMatch(/\$\{code\} https:\/\/t\.tousu\.cn$/)
  expect(aliyun.out.join()).not.toContain('【')
})

test('what it does not take is said beside the list', async () => {
  const { out, err } = await run('https://t.tousu.cn', '--vendor', 'aliyun', '--mode', 'code', '--locale', 'zh-TW')
  expect(out).toEqual([])
  expect(err).toHaveLength(VARIANTS.length)
})

test.each([
  [['--vendor', 'aliyun', '--mode', 'link']],
  [['https://t.tousu.cn', '--vendor', 'twilio', '--mode', 'link']],
  [['https://t.tousu.cn', '--vendor', 'constructor', '--mode', 'link']],
  [['https://t.tousu.cn', '--vendor', 'aliyun']],
  [['https://t.tousu.cn', '--vendor', 'aliyun', '--mode', 'link', '--locale', 'fr']],
])('a wrong command line is one line: %j', async args => {
  const { code, out, err } = await run(...args)
  expect([code, out]).toEqual([2, []])
  expect(err.join('')).toMatch(/^tousu templates: [^\n]+\n$/)
})
