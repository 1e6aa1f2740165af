// Whose log this is: its name, as its own chain states it, and where it lost leaves and went on under another.

import { originIn } from '../../log/key-leaf.ts'
import { decodeLeaf } from '../../log/leaf.ts'
import { type Succession, successionIn } from '../../log/succession.ts'
import type { Store } from '../storage/queries.ts'
import { leafBytes } from '../storage/timeline-reader.ts'
import { WrongLog } from './key-ring.ts'

/** The newest origin, and where the log lost leaves and went on under it, in order. */
export interface Identity {
  origin: string
  successions: readonly Succession[]
}

/** As the log's own chain states it. A database that lost everything has none, and goes by its settings. Throws WrongLog. */
export const identityIn = (store: Store, settings: string): Identity => {
  const opened = store.logSteps.all().flatMap(({ idx }) => {
    const leaf = decodeLeaf(leafBytes(store, idx))
    const origin = originIn(leaf)
    return origin === null ? [] : [{ origin, succession: successionIn(leaf, idx) }]
  })
  const successions = opened.flatMap(({ succession }) => succession ?? [])
  if (opened.length > 0) return { origin: opened.at(-1)?.origin ?? settings, successions }
  if (store.leaf.get({ idx: 0 })) throw new WrongLog('leaf 0 does not open a log')
  return { origin: settings, successions }
}
