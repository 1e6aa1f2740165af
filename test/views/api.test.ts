import { expect, test } from 'vitest'
import { LOCALES } from '../../src/complaint/words.ts'
import { isRecord } from '../../src/routes/body.ts'
import { useServer } from '../support/server.ts'

const house = useServer()

test('/api shows every operation, schema and event of the document, in three languages and without a script', async () => {
  const document: unknown = JSON.parse((await house.get('/api/v1/openapi.json')).text)
  if (
    !isRecord(document) ||
    !isRecord(document.paths) ||
    !isRecord(document.webhooks) ||
    !isRecord(document.components)
  )
    throw new TypeError('no document')
  for (const lang of LOCALES) {
    const { status, text, headers } = await house.get('/api', { Accept: 'text/html', Cookie: `lang=${lang}` })
    expect([status, headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')])
    expect(text).toContain(`<html lang="${lang}">`)
    expect(text).not.toContain('<script')
    expect(text).not.toMatch(/undefined|\[object/)
    for (const [path, item] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(isRecord(item) ? item : {})) {
        expect(text).toContain(`<code>${method.toUpperCase()} ${path}</code>`)
        expect(text).toContain(`id="${isRecord(operation) ? operation.operationId : ''}"`)
      }
    }
    for (const type of Object.keys(document.webhooks)) expect(text).toContain(`<code>${type}</code>`)
    const ids = [...text.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const [, to] of text.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(to)
  }
  const { text } = await house.get('/api', { Accept: 'text/html' })
  expect(text).toContain('<code>offer.amount.value</code>')
  expect(text).toContain('awaiting_merchant | awaiting_buyer')
})
