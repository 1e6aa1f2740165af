import { beforeAll, expect, test } from 'vitest'
import { asEvidence } from '../../src/files/evidence.ts'
import { CRAFTED, ordinary, recording, smallChunks } from './crafted.ts'

// Complexity attacks: a crafted file may not hold the event loop for much longer than an ordinary one of its size. Times are compared
// within one run, the best of five of each, since a busy machine is slow, not wrong.

const best = (file: Uint8Array): number =>
  Math.min(
    ...Array.from({ length: 5 }, () => {
      const began = performance.now()
      asEvidence(file)
      return performance.now() - began
    }),
  )

/** Of the slowest ordinary file, in milliseconds. */
let control = 0
beforeAll(() => {
  control = Math.max(...ordinary().map(([, file]) => best(file)))
})

test('ordinary files of that size are not refused', () => {
  for (const [name, file] of ordinary()) expect(asEvidence(file), name).not.toBeNull()
})

test('neither are files that have many parts for a reason', () => {
  for (const file of [recording(1500), smallChunks()]) expect(asEvidence(file)?.bytes).toEqual(file)
})

test.each(CRAFTED)('a %s costs what an ordinary file does', (_name, file) => {
  // The worst of the table took 22 times as long.
  expect(best(file()) / control).toBeLessThan(4)
})
