// Whose turn it is, as the consoles count it: the numbers of their tabs.

import { DAY, startOfDay } from '../complaint/time.ts'
import type { Holder } from '../complaint/words.ts'
import type { Ledger, Tally } from '../ledger/contract/ledger.ts'
import { askAll } from './deps.ts'
import { Problem } from './problem.ts'

/** The tally of these ledgers together; what is due before midnight in Shanghai counts as due today. */
export const tallyAll = async (ledgers: readonly Ledger[], now: number, merchant?: string): Promise<Tally> => {
  const query = { now, until: startOfDay(now) + DAY, ...(merchant !== undefined && { merchant }) }
  const { answers: tallies } = await askAll(ledgers, ledger => ledger.tally(query))
  if (tallies.length === 0) throw new Problem('unavailable')
  return { open: tallies.flatMap(({ open }) => open), closed: tallies.reduce((sum, { closed }) => sum + closed, 0) }
}

type Held = Omit<Tally['open'][number], 'holder'>
/** What these holders have together; all of them without a list. */
export const heldBy = ({ open }: Tally, holders?: readonly Holder[]): Held =>
  open
    .filter(({ holder }) => !holders || holders.includes(holder))
    .reduce<Held>(
      (sum, { total, late, today }) => ({
        total: sum.total + total,
        late: sum.late + late,
        today: sum.today + today,
      }),
      { total: 0, late: 0, today: 0 },
    )
