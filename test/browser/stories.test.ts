import { afterAll, beforeAll, describe, test } from 'vitest'
import { preventedLapse, silentMerchant, unfairRejection } from './plays.ts'
import { consoles, devices, forgedConfirmation, unable } from './signed-plays.ts'
import { type BrowserStage, castOf, openEdgeStage, openStage } from './stage.ts'

const PLAYS = [
  ['a merchant is silent, the platform rules, and the refund comes', silentMerchant],
  ['an unfair rejection is overruled', unfairRejection],
  ['a lapse is prevented on the last day', preventedLapse],
  ['devices sign: the first, a second, and one whose storage was cleared', devices],
  ['a clerk and an officer sign what they do, one complaint or several', consoles],
  ['the operator confirms by the link that it minted, and one tap reopens it', forgedConfirmation],
] as const

describe.each([
  ['on Node', openStage, [true, false]],
  ['on workerd', openEdgeStage, [true]],
] as const)('people, %s', (_host, open, screens) => {
  let stage: BrowserStage
  beforeAll(async () => {
    stage = await open()
  }, 90_000)
  afterAll(() => stage?.close())

  for (const scripts of screens) {
    describe(scripts ? 'with scripts' : 'without scripts', () => {
      test.each(PLAYS)('%s', async (_name, play) => play(castOf(stage, scripts)), 90_000)
      test.runIf(scripts)('a browser that cannot sign does all else', () => unable(castOf(stage, true)), 90_000)
    })
  }
})
