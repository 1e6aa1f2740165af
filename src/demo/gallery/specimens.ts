import { deskSpecimens } from './desk.ts'
import { otherSpecimens } from './front.ts'
import { merchantSpecimens } from './merchant.ts'
import type { Specimen } from './story.ts'
import { trackSpecimens } from './track.ts'

/** Every page in every state, rendered from stories that the real core decided, without a database. */
export const SPECIMENS: readonly Specimen[] = [
  ...trackSpecimens,
  ...otherSpecimens,
  ...merchantSpecimens,
  ...deskSpecimens,
]
