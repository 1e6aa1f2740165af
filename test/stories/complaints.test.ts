import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { type Filed, made, useServer } from '../support/server.ts'
import type { View } from '../support/shapes.ts'

/** Invented for the repository: many scripts, accents, line breaks, markup, anger. */
const INVENTED = fileURLToPath(new URL('../data/complaints.ndjson', import.meta.url))
/** Real people's words, of a public portal: kept beside the repository and never in it. */
const REAL = fileURLToPath(new URL('../../../shared/data/consumidor-gov-br.ndjson', import.meta.url))
const Line = v.object({
  company: v.string(),
  complaint: v.string(),
  companyResponse: v.string(),
  consumerVerdict: v.string(),
  rating: v.nullable(v.number()),
  consumerComment: v.nullable(v.string()),
})
const read = (file: string) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map(line => v.parse(Line, JSON.parse(line)))
const complaints = [...read(INVENTED), ...(existsSync(REAL) ? read(REAL) : [])]

test.skipIf(existsSync(REAL))('skipped: the real complaints of ../shared/data are not on this machine', () => undefined)

const house = useServer()
const submit = ({ company, complaint }: v.InferOutput<typeof Line>): Promise<Filed> =>
  house.submit({ merchantName: company, statement: complaint, category: 'service', locale: 'en' })
const escaped = (text: string) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
const textsOf = ({ steps }: View) => steps.map(({ fields }) => fields.statement ?? fields.reason ?? fields.text)

describe('what people write', () => {
  test.each(complaints.map((each, i) => [i + 1, each] as const))(
    'complaint %i, answered the same day',
    async (_i, each) => {
      const filed = await submit(each)
      await house.advance(5)
      const answer = { answer: 'reject', ground: 'other', statement: each.companyResponse, operator: 'Atendimento' }
      expect(made(await house.asMerchant(filed, 'responses', answer)).state).toBe('awaiting_buyer')
      const solved = each.consumerVerdict === 'Resolvido'
      const reply = solved
        ? await house.asBuyer(filed, 'confirmation')
        : await house.asBuyer(filed, 'escalation', { reason: each.consumerComment ?? each.consumerVerdict })
      expect(made(reply).state).toBe(solved ? 'closed_confirmed' : 'platform_review')
      if (!solved) made(await house.asBuyer(filed, 'withdrawal', { reason: 'other', confirm: 'yes' }))
      const score = each.rating ?? 1
      made(await house.asBuyer(filed, 'rating', { score, ...(each.consumerComment && { text: each.consumerComment }) }))
      const view = await house.view(filed)
      expect(textsOf(view).slice(0, 2)).toEqual([each.complaint, each.companyResponse])
      expect(view.steps.at(-1)?.fields.score).toBe(score)
      expect(view.complaint.merchant.name).toBe(each.company)
      const { text } = await house.get(filed.room)
      for (const words of [each.complaint, each.companyResponse]) expect(text).toContain(escaped(words))
    },
  )

  test.each(complaints.map((each, i) => [i + 1, each] as const))(
    'complaint %i, answered by a machine',
    async (_i, each) => {
      const filed = await submit(each)
      const answer = { answer: 'reject', ground: 'other', statement: each.companyResponse, automated: true }
      const { state, due, step } = made(await house.asMerchant(filed, 'responses', answer))
      expect([state, due, step.kind]).toEqual(['awaiting_merchant', filed.due, 'automated_reply'])
      await house.advance(48.1)
      const { complaint, steps } = await house.view(filed)
      expect(complaint).toMatchObject({ state: 'platform_review', holder: { role: 'platform' } })
      expect(steps.at(-1)).toMatchObject({ kind: 'deadline_missed', on: filed.due, fields: { party: 'merchant' } })
    },
  )
})

test('a text of any length, with accents, lines and anger, is kept byte for byte', async () => {
  const texts = [
    'ç',
    'Ñão!!!\r\n\r\n\tNUNCA\n mais',
    'e\u0301 é',
    '👩‍👩‍👧‍👦🏳️‍🌈',
    ' vorn und hinten ',
    '<b>&amp;</b>',
    '長'.repeat(5000),
  ]
  for (const statement of texts) {
    const filed = await house.submit({ statement })
    expect((await house.view(filed)).steps[0]?.fields.statement).toBe(statement)
    expect((await house.get(filed.room)).text).toContain(escaped(statement))
  }
})
