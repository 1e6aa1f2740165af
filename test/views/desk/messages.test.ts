import { describe, expect, test } from 'vitest'
import { LOCALES } from '../../../src/complaint/words.ts'
import { MESSAGES } from '../../../src/i18n/languages.ts'
import { languages } from '../../../src/views/context.ts'
import { type MessageItem, messagesPage } from '../../../src/views/desk/alerts.ts'

const at = '2026-03-02T02:00:00.000Z'
const refused: MessageItem = {
  complaint: '7K3M9QXA2P',
  party: 'buyer',
  template: 'ruled',
  outcome: 'rejected',
  reason: 'bad_number',
  attempts: 1,
  createdAt: at,
  nextAt: null,
}
const retried: MessageItem = { ...refused, party: 'merchant', template: 'reminder', outcome: null, nextAt: at }

describe.each(LOCALES)('messages that did not arrive, in %s', locale => {
  const page = { ...languages(MESSAGES)(locale), person: { name: 'A17', role: 'platform' as const }, now: 0, alerts: 0 }
  const drawn = String(messagesPage([refused, retried], page))

  test('are named by what they told, to whom, and what became of them', () => {
    expect(drawn).toContain(page.dictionary.kinds.ruled)
    expect(drawn).toContain(page.dictionary.roles.merchant)
    expect(drawn).toContain('bad_number')
    for (const code of ['rejected', 'retrying', '>reminder<', '>ruled<']) expect(drawn).not.toContain(code)
    expect(drawn).toContain('href="/desk/complaints/7K3M9QXA2P"')
  })
})
