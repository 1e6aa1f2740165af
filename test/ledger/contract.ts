import { describe, test } from 'vitest'
import { checkLog } from './check-log.ts'
import { alerts } from './contract/alerts.ts'
import { altered } from './contract/altered.ts'
import { clock } from './contract/clock.ts'
import { erasure } from './contract/erasure.ts'
import { figures } from './contract/figures.ts'
import { health } from './contract/health.ts'
import { hooks } from './contract/hooks.ts'
import { inbox } from './contract/inbox.ts'
import { kept } from './contract/kept.ts'
import { links } from './contract/links.ts'
import { lists } from './contract/lists.ts'
import { messages } from './contract/messages.ts'
import { once } from './contract/once.ts'
import { policyTrial } from './contract/policy-trial.ts'
import { proofs } from './contract/proofs.ts'
import { quotas } from './contract/quotas.ts'
import { races } from './contract/races.ts'
import { registry } from './contract/registry.ts'
import { restarts } from './contract/restarts.ts'
import { retention } from './contract/retention.ts'
import { rules } from './contract/rules.ts'
import { searching } from './contract/search.ts'
import { steps } from './contract/steps.ts'
import { team } from './contract/team.ts'
import { timeStamps } from './contract/time-stamps.ts'
import { LedgerFixture, type Open, type Story } from './fixture.ts'

const PARTS = [
  ...[steps, once, races, clock, messages, links, inbox, lists, erasure, proofs, restarts],
  ...[
    registry,
    alerts,
    figures,
    hooks,
    quotas,
    health,
    retention,
    altered,
    searching,
    team,
    timeStamps,
    rules,
    policyTrial,
    kept,
  ],
]

/** What holds of every ledger, on every host. */
export const ledgerContract = (name: string, open: Open): void => {
  const story: Story = (title, tell) =>
    test(title, async () => {
      const world = await LedgerFixture.open(open)
      try {
        await tell(world)
        await checkLog(world.ledger, world.now)
      } finally {
        await world.close()
      }
    })
  describe(`ledger on ${name}`, () => {
    for (const part of PARTS) {
      describe(part.name, () => part(story))
    }
  })
}
