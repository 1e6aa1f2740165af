// The data of a large house: a demo with so many open complaints of ten steps each, a fifth of them its own merchant's.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openDemo } from '../src/hosts/node/demo.ts'
import { submits } from './lives.ts'

export const STEPS_EACH = 10
const CALLERS = 256

export const inParallel = async (
  count: number,
  callers: number,
  work: (i: number) => Promise<unknown>,
): Promise<void> => {
  const numbers = Array.from({ length: count }, (_, i) => i).values()
  const caller = async () => {
    for (const i of numbers) await work(i)
  }
  await Promise.all(Array.from({ length: callers }, caller))
}

const buyer = { role: 'buyer', automated: false } as const

/** Fills the folder, unless it was filled before. The steps of one complaint lie far apart, as they do after weeks. */
export const fill = async (folder: string, complaints: number): Promise<void> => {
  const mark = join(folder, 'bench.json')
  if (existsSync(mark)) {
    const known: number = JSON.parse(readFileSync(mark, 'utf8')).complaints
    if (known !== complaints) throw new Error(`${folder} holds ${known} complaints, not ${complaints}`)
    return
  }
  const { ledger, facts, close } = await openDemo(folder, 'http://bench.invalid')
  const ids: number[] = []
  await inParallel(complaints, CALLERS, async i => {
    ids.push(await submits(ledger, i, { merchantId: i % 5 === 0 ? facts.merchantId : undefined }))
  })
  for (let n = 1; n < STEPS_EACH; n++) {
    await inParallel(complaints, CALLERS, async i => {
      const body = { text: `第 ${n} 次说明：请尽快处理，谢谢。` }
      const done = await ledger.execute({ act: 'messages', complaint: ids[i] ?? 0, by: buyer, body })
      if ('refused' in done) throw new Error(`a message was refused: ${done.refused}`)
    })
  }
  await close()
  writeFileSync(mark, JSON.stringify({ complaints }))
}
