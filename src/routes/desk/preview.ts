import type { Actor, Command } from '../../complaint/command.ts'
import { toComplaintView } from '../../complaint/view/complaint-view.ts'
import type { Entry } from '../../complaint/view/timeline.ts'
import type { Locale } from '../../complaint/words.ts'
import type { Timeline } from '../../ledger/port.ts'
import { formatId } from '../../link/id.ts'
import type { AsRead, DeskPage } from '../../views/desk/context.ts'
import { type Body, parse } from '../body.ts'
import type { Deps } from '../deps.ts'
import { dryRun } from '../dry-run.ts'
import { Problem } from '../problem.ts'
import { ACT_BODIES } from '../schemas.ts'
import { tagOf } from './case.ts'

/**
 * What the buyer would read if this ruling were given now, by the same decision that the ledger takes; nothing is
 * recorded. Throws the Problem that the ruling itself would meet.
 */
export const previewRuling = (deps: Deps, timeline: Timeline, body: Pick<Body, 'value'>, page: DeskPage): AsRead => {
  const asked = parse(ACT_BODIES.rulings, body.value)
  const command: Command = { act: 'rulings', by: actorOf(timeline.entries, page), body: asked }
  const entries = dryRun(timeline.entries, command, page.now)
  const reader = deps.pages[languageOf(timeline)]
  const { dictionary } = reader
  const as = { reader: 'buyer', role: 'buyer', now: page.now, dictionary } as const
  return { view: toComplaintView({ id: formatId(timeline.id), entries, ...as }), reader }
}

/** The language in which the complaint was handed in. */
const languageOf = ({ entries }: Timeline): Locale => {
  const [first] = entries
  return first?.step.kind === 'submitted' ? first.step.p.locale : 'zh-CN'
}

/** A person whom no step of this complaint knows yet gets a tag that nobody has. */
const actorOf = (entries: readonly Entry[], { person }: DeskPage): Actor => {
  if (person.role === 'merchant') throw new Problem('not_yours')
  return { role: person.role, auto: false, who: tagOf(entries, person.name) ?? 'unknown', name: person.name }
}
