import { deskSpecimens } from './desk.ts'
import { otherSpecimens } from './front.ts'
import { merchantSpecimens } from './merchant.ts'
import type { Specimen } from './specimen.ts'
import { trackSpecimens } from './track.ts'

/** Every page in every condition, drawn from stories that the real core told; no database has a hand in it. */
export const SPECIMENS: readonly Specimen[] = [
  ...trackSpecimens,
  ...otherSpecimens,
  ...merchantSpecimens,
  ...deskSpecimens,
]
