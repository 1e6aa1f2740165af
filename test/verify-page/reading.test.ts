import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { zhCN } from '../../src/i18n/zh-CN/complaint.ts'
import { zhCNVerify } from '../../src/i18n/zh-CN/verify.ts'
import { verifyReceipt } from '../../src/log/verify.ts'
import { needsNoWitness, policyFor, readReceipt } from '../../src/verify-page/inputs.ts'
import { toReceiptView } from '../../src/verify-page/receipt-view.ts'
import { sayer, supportsEd25519, verdictOf } from '../../src/verify-page/render.ts'
import { openSource, type Source, withLeaf, withText } from './receipts.ts'

let source: Source
beforeAll(async () => {
  source = await openSource()
})
afterAll(() => source?.close())

const judge = async (receipt: unknown, policy?: string) =>
  verdictOf(await verifyReceipt(receipt, policy ?? (await source.policy())))

describe('the verdict', () => {
  test('is good only if all is', async () => {
    const receipt = await source.receipt('passed-around')
    expect(await judge(receipt)).toBe('good')
    expect(await judge(withText(receipt, 'statement', '没有的事'))).toBe('bad')
    expect(await judge({ ...receipt, steps: receipt.steps.slice(0, -1) })).toBe('bad')
  })

  test('tells a file that is no receipt from one that was changed', async () => {
    expect(await judge({})).toBe('unreadable')
    expect(await judge(null)).toBe('unreadable')
    expect(await judge(withLeaf(await source.receipt('robot-replies'), 'automated_reply', leaf => `${leaf} `))).toBe(
      'unreadable',
    )
  })

  test('does not blame the receipt for a policy that can’t be read', async () => {
    expect(await judge(await source.receipt('robot-replies'), 'log of somebody')).toBe('policy')
  })
})

test('every check has its words', async () => {
  const { checks } = await verifyReceipt(await source.receipt('silent-merchant'), await source.policy())
  const explained = Object.keys(zhCNVerify.script).filter(word => word.startsWith('check.'))
  const inLog = ['checkpoint', 'fresh', 'continues', 'steps', 'head'].map(name => ({ name: `log-${name}` }))
  inLog.push(...['fingerprint', 'certificate', 'promise', 'promise-signature'].map(name => ({ name })))
  expect(explained.toSorted()).toEqual([...checks, ...inLog].map(({ name }) => `check.${name}`).toSorted())
  for (const { name } of [...checks, ...inLog]) expect(zhCNVerify.script).toHaveProperty([`why.${name}`])
})

describe('what a receipt says', () => {
  test('is told in order, in the sentences of the tracking page', async () => {
    const told = toReceiptView(await source.receipt('dress-unlike-picture'), zhCN)
    expect(told?.steps.map(({ leaf }) => leaf.seq)).toEqual(told?.steps.map((_, i) => i))
    const sentences = told?.steps.map(({ sentence }) => sentence).join('\n')
    expect(sentences).toContain('买家提交投诉：与描述不符，要求退货退款')
    expect(sentences).toContain('平台裁定：支持买家，商家须办理退货退款')
    expect(sentences).not.toContain('undefined')
  })

  test('leaves out a text whose digest does not stand in its leaf', async () => {
    const receipt = await source.receipt('silent-merchant')
    const [before, after] = [receipt, withText(receipt, 'statement', '都是我编的')].map(each =>
      toReceiptView(each, zhCN),
    )
    expect(before?.steps[0]?.opened.map(([name]) => name)).toContain('statement')
    expect(after?.steps[0]?.opened.map(([name]) => name)).not.toContain('statement')
    expect(after?.steps[0]?.withheld).toBe((before?.steps[0]?.withheld ?? 0) + 1)
  })

  test('is a kind where a leaf says what no such step does, and a name where the kind is new', async () => {
    const receipt = await source.receipt('silent-merchant')
    const odd = withLeaf(receipt, 'deadline_missed', leaf =>
      leaf.replace(/"due":\d{13},"party"/, '"due":9007199254740991,"party"'),
    )
    expect(toReceiptView(odd, zhCN)?.steps[3]?.sentence).toBe('逾期')
    const unheard = withLeaf(receipt, 'deadline_missed', leaf => leaf.replace('deadline_missed', 'constructor'))
    expect(toReceiptView(unheard, zhCN)?.steps[3]?.sentence).toBe('constructor')
    expect(toReceiptView({ v: 1 }, zhCN)).toBe(null)
  })
})

describe('a file', () => {
  test('that is not JSON, or far too large, is said to be so', async () => {
    expect(await readReceipt(new File(['%PDF-1.7'], 'receipt.pdf'))).toBe('notJson')
    const large = new File([new Uint8Array(33 * 1024 * 1024)], 'film.json')
    expect(await readReceipt(large)).toBe('tooLarge')
    expect(await readReceipt(new File(['{"v":1}'], 'r.json'))).toEqual({ name: 'r.json', value: { v: 1 } })
  })
})

describe('this server’s policy', () => {
  test('is the one about the receipt’s log', async () => {
    const [zero, one] = [await source.policy(), 'log other.example/log/1+9f0e5f3c+AX\nquorum none\n']
    expect(policyFor(await source.receipt('robot-replies'), [one, zero])).toBe(zero)
    expect(policyFor({ origin: 'nowhere' }, [one, zero])).toBe(one)
    expect(policyFor(null, [])).toBe('')
  })

  test('that asks for no witness is known as such', async () => {
    expect(needsNoWitness(await source.policy())).toBe(true)
    expect(needsNoWitness('')).toBe(false)
  })
})

test('a runtime that checks Ed25519 knows that it can', async () => {
  expect(await supportsEd25519()).toBe(true)
})

test('a word that is missing shows as its own name', () => {
  const say = sayer('{"step":"第 {no} 步"}')
  expect(say('step', { no: 3 })).toBe('第 3 步')
  expect(say('checks')).toBe('checks')
})
