import { expect, test } from 'vitest'
import { asEvidence } from '../../src/files/evidence.ts'
import { CRAFTED, ORDINARY, recording, smallChunks } from './crafted.ts'

// Complexity attacks: a crafted file may not hold the event loop for much longer than an ordinary one of its size and format. Times are
// compared within one run, the best of five of each in turn, since a busy machine is slow, not wrong.

const timeOf = (file: Uint8Array): number => {
  const began = performance.now()
  asEvidence(file)
  return performance.now() - began
}

test.each(Object.entries(ORDINARY))('an ordinary %s of that size is kept', (_name, file) => {
  expect(asEvidence(file())).not.toBeNull()
})

test('files that have many parts for a reason are kept', () => {
  for (const file of [recording(1500), smallChunks()]) {
    const kept = asEvidence(file)?.bytes
    expect(kept && Buffer.compare(kept, file)).toBe(0)
  }
})

test.each(CRAFTED)('%s: costs what an ordinary file of its format does', (name, crafted) => {
  const [file, control] = [crafted(), ORDINARY[name.split(' ')[0] ?? '']?.()]
  if (!control) throw new Error(`no ordinary file for ${name}`)
  const [attacks, controls]: [number[], number[]] = [[], []]
  for (let i = 0; i < 5; i++) {
    attacks.push(timeOf(file))
    controls.push(timeOf(control))
  }
  // The worst of them took 80 times as long.
  expect(Math.min(...attacks) / Math.max(Math.min(...controls), 10)).toBeLessThan(12)
})
