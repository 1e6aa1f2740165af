// Evidence files that were made to break their readers, on both hosts.

import { expect, test } from 'vitest'
import { asEvidence } from '../../src/files/evidence.ts'
import * as samples from '../routes/uploads.ts'

/** mulberry32, seeded, so that a failure comes again. */
const chanceFrom = (seed: number) => {
  let state = seed
  return (below: number): number => {
    state = (state + 0x6d2b79f5) | 0
    const a = Math.imul(state ^ (state >>> 15), 1 | state)
    const b = (a + Math.imul(a ^ (a >>> 7), 61 | a)) ^ a
    return Math.floor((((b ^ (b >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

const { PNG, JPEG, WEBP, GIF, MP4, HEIC, PDF } = samples
const MUTANTS = 3000

test.each(Object.entries({ PNG, JPEG, WEBP, GIF, MP4, HEIC, PDF }))(
  'fuzz: mutants of a %s are read or refused, never thrown over, and never grow',
  (_type, file) => {
    const below = chanceFrom(7)
    for (let i = 0; i < MUTANTS; i++) {
      const mutant = new Uint8Array(file)
      for (let change = 0; change <= below(6); change++) {
        const at = below(mutant.length)
        const way = below(4)
        if (way === 0) mutant[at] = below(256)
        else if (way === 1) mutant.fill(0xff, at, at + 2)
        else if (way === 2) mutant.fill(0, at, at + 1 + below(8))
        else mutant.copyWithin(at, below(mutant.length), below(mutant.length))
      }
      const kept = asEvidence(mutant)
      if (kept !== null && kept.bytes.length > mutant.length + 64) throw new Error(`mutant ${i} grew`)
    }
  },
)

test('a declared type and a name say nothing: what is markup is no evidence', () => {
  for (const text of [
    '<html><script>evil()</script>',
    '<svg xmlns="http://www.w3.org/2000/svg" onload="evil()"/>',
    '<?xml version="1.0"?>',
    'MZ\x90\x00',
    '#!/bin/sh',
    '',
  ])
    expect(asEvidence(new TextEncoder().encode(text))).toBeNull()
})
