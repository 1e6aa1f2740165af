import { expect, test } from 'vitest'
import { killAgainAndAgain } from './kills.ts'

test('crash durability: a server that is killed in the middle of its work has kept every step that it acknowledged', async () => {
  const { acknowledged, ...result } = await killAgainAndAgain(4, () => undefined)
  expect(result).toEqual({ kills: 4, missing: 0, changed: 0, monitor: [0] })
  expect(acknowledged).toBeGreaterThan(4)
}, 300_000)
