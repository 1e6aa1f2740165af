// What docs/auditing.md (section 5) says that somebody notices, and what was found to pass every tool in November 2026 (attacks 1 to
// 27 of that report): each with the tests that show it, by `exit 1` of a named tool, or the reason why nothing can.
// `claims.test.ts` holds this file to the page and to the tests.

import type { NamedTest } from '../support/named-tests.ts'

const [THREATS, MONITOR, RULES, PROMISES] = ['threats', 'monitor', 'rules', 'promises-in-log'].map(
  name => `cli/${name}.test.ts`,
) as [string, string, string, string]
const [SIGNED, PAGE, AGAINST, STAMPS] = ['signed-acts', 'page', 'against-log', 'time-stamps'].map(
  name => `cli/${name}.test.ts`,
) as [string, string, string, string]

const EDITED: NamedTest = [THREATS, 'in the database: no leaf fits the signed tree any more']
const ANEW: NamedTest = [THREATS, 'and signs all anew: memory tells']
const BACKUP: NamedTest = [THREATS, 'restores an old backup']
const BACKUP_WITNESSED: NamedTest = [
  'witness/forks.test.ts',
  'is behind its witnesses: it takes no writes, says why, and signs nothing',
]
const GROWN: NamedTest = [
  'witness/forks.test.ts',
  'that has since grown past the old size is refused by its witnesses (422)',
]
const WITNESS: NamedTest = ['cli/witness.test.ts', 'cosigns no fork, no smaller tree, and no second tree of one size']
const BACK_DATED: NamedTest = [THREATS, 'before a tree that was seen without it, and a statement that did not know it']
const TWO_VIEWS: NamedTest = [THREATS, 'shows two views']
const FULL_TILE: NamedTest = [MONITOR, 'in a full bundle: within a day of runs, with the proof of what was signed']
const EDGE_LEAF: NamedTest = [MONITOR, 'at the right edge: the next run names it']
const FROZEN: NamedTest = [MONITOR, 'is not fresh an hour after its quorum cosigned it, well signed as it is']
const HIDDEN: NamedTest = [MONITOR, 'its newest step is hidden: the receipt that hides it, in a monitor']
const IN_LOG: NamedTest = [AGAINST, 'finds the newest step that page and receipt hide']
const TWO_CHAINS: NamedTest = [THREATS, 'two chains for one id: neither receipt knows of the other']
const SILENT_ERASURE: NamedTest = [THREATS, 'in silence']
const DOCUMENT: NamedTest = [MONITOR, 'a document that is served otherwise than it was adopted']
const NEW_KEY: NamedTest = [MONITOR, 'a new one is a line, once']
const WITHHELD: NamedTest = [MONITOR, 'the newest leaf is deleted in the database']
const UNPROVED_LAPSE: NamedTest = [RULES, 'without the proofs that its policy asks for is named, with the leaf']
const MINTED: NamedTest = [
  SIGNED,
  'the operator mints the link and confirms: page, both verifiers and monitor say so, until the buyer signs again',
]
const LATER_ROW: NamedTest = [MONITOR, 'is named by its complaint, when the row says later']

/** By the first cell of the row. */
export const CLAIMS: Readonly<Record<string, readonly NamedTest[]>> = {
  'edits a leaf': [EDITED, EDGE_LEAF],
  'edits it and signs everything anew': [ANEW, WITNESS],
  'drops a step': [[THREATS, 'drops a step'], WITNESS],
  'drops a complaint': [[THREATS, 'drops a complaint'], [PROMISES, 'whose complaint was dropped'], WITNESS],
  'restores an old backup': [BACKUP, BACKUP_WITNESSED],
  'dates a step back': [
    [THREATS, 'before a leaf that was there already'],
    BACK_DATED,
    ['witness/witnessed.test.ts', 'shows an unchanged checkpoint again within ten minutes, and not before it must'],
    [STAMPS, 'a step that is dated before a time stamp which it came behind, or was stamped before its time'],
  ],
  'edits a leaf long after it was seen': [
    FULL_TILE,
    ['cli/mirror.test.ts', 'a history that was rewritten: the copy keeps the old one, and the proof'],
  ],
  'withholds leaves that it signed': [WITHHELD, [MONITOR, 'a bundle without its last leaf'], [MONITOR, 'a short tile']],
  'shows an old view for ever': [FROZEN],
  'adds keys of its own, changes a policy’s document': [NEW_KEY, DOCUMENT],
  'shows two views': [TWO_VIEWS, WITNESS],
  'hides the newest step': [[THREATS, 'hides the newest step'], HIDDEN, IN_LOG],
  'gives a complaint two chains': [[THREATS, 'two leaves in one place of the chain'], TWO_CHAINS],
  'swaps a text': [[THREATS, 'swaps content']],
  'shows a page that says other than the log': [
    [PAGE, 'omits steps'],
    [PAGE, 'says another state'],
  ],
  'erases in silence': [SILENT_ERASURE],
  'swaps the published keys (JWKS)': [[THREATS, 'swaps the JWKS']],
  'moves a deadline, skips a miss': [[RULES, 'due'], LATER_ROW],
  'acts as a party never could': [[RULES, 'the merchant calls it solved']],
  'closes a complaint by silence without messages': [
    UNPROVED_LAPSE,
    [RULES, 'whose notices claim proofs that no leaf commits to'],
  ],
}

interface Finding {
  /** Number in the report. */
  readonly no: string
  readonly attack: string
  readonly tests: readonly NamedTest[]
  /** Why no tool exits with 1, or not in every case. */
  readonly limit?: string
}

const finding = (no: string, attack: string, tests: readonly NamedTest[], limit?: string): Finding => ({
  no,
  attack,
  tests,
  ...(limit !== undefined && { limit }),
})

export const FINDINGS: readonly Finding[] = [
  finding('1', 'a leaf is edited at the right edge', [EDITED, EDGE_LEAF]),
  finding('2', 'a text is swapped', [[THREATS, 'swaps content']]),
  finding(
    '3',
    'a text is deleted',
    [SILENT_ERASURE],
    'Only who holds an earlier receipt can know that there was a text.',
  ),
  finding('4', 'the folded row says closed', [[MONITOR, 'is named by its complaint, when the row says closed']]),
  finding('5', 'the folded row says later', [LATER_ROW]),
  finding(
    '6',
    'the outbox is emptied',
    [UNPROVED_LAPSE],
    'A message that was not sent breaks nothing that was signed; no complaint lapses without the proofs of three.',
  ),
  finding('7', 'the newest step is hidden', [HIDDEN, IN_LOG]),
  finding('8', "a complaint's row is dropped", [
    [MONITOR, 'its row is dropped: an hour after its deadline the monitor names it'],
  ]),
  finding('9', 'two leaves are swapped', [[MONITOR, 'two that changed places']]),
  finding('10', 'the newest leaf is deleted', [WITHHELD]),
  finding('11', 'a policy document in the database', [
    DOCUMENT,
    [
      'ledger/policies.test.ts',
      'a document that is not the one its leaf adopted: the server does not start, and names it',
    ],
  ]),
  finding('12', 'an old backup, with or without witnesses', [BACKUP, BACKUP_WITNESSED, GROWN]),
  finding('13', 'a split view', [TWO_VIEWS, WITNESS]),
  finding(
    '14',
    'second keys are put first',
    [
      NEW_KEY,
      ['ledger/forks.test.ts', 'other secrets than those that opened the log are refused, and nothing is written'],
    ],
    'A log may change its keys: a line that nobody can miss, and no breach.',
  ),
  finding(
    '15',
    'the operator acts for the buyer',
    [MINTED, [SIGNED, 'a device of the operator, bound later, does not answer for the buyer']],
    'Of a buyer whose device never bound a key an unsigned act looks like any other.',
  ),
  finding('16', 'the page omits steps', [[PAGE, 'omits steps']]),
  finding('17', 'one id has two chains', [TWO_CHAINS]),
  finding('19', 'back-dating without a witness', [
    BACK_DATED,
    [STAMPS, 'a step that is dated before a time stamp which it came behind, or was stamped before its time'],
  ]),
  finding('20', 'the clock is put back', [
    ['ledger/clock.test.ts', 'readiness: a clock behind the log, a deadline that no scheduler recorded'],
  ]),
  finding('21', 'a frozen view', [FROZEN]),
  finding(
    '26',
    'a lapse whose SMS were never sent',
    [UNPROVED_LAPSE],
    'Whether the proofs are true only the vendor can say, whom they name.',
  ),
  finding('27', 'a leaf is edited in a full tile', [
    FULL_TILE,
    [
      'ledger/altered-leaves.test.ts',
      'an old leaf that is not the one in the tree is found after a start, and shows in the gauge',
    ],
    [
      'hosts/worker/leaves.test.ts',
      'old leaves are read against the tree by alarms, across evictions, and what was found stays known',
    ],
  ]),
  finding('C1', 'an honest log is accused', [
    [MONITOR, 'is not accused by a newer receipt, until it stays behind'],
    [MONITOR, 'nor by a monitor that was a moment ahead, until it stays behind'],
    [MONITOR, 'and a receipt that its witnesses have not seen yet is no fault of the log'],
    [PROMISES, 'in a view that no quorum cosigned lately: an old view, or silent witnesses, and no proof'],
    ['witness/rotation.test.ts', 'a monitor follows both changes'],
    ['witness/witnessed.test.ts', 'goes on from its cosignatures after a restart'],
    ['cli/lives-recomputed.test.ts', 'random lives by HTTP: every state and due instant follows'],
  ]),
]
