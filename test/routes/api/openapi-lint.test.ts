import { beforeAll, describe, expect, test } from 'vitest'
import { STATES, STEP_KINDS } from '../../../src/complaint/words.ts'
import { isRecord } from '../../../src/routes/body.ts'
import { useServer } from '../../support/server.ts'

// The rules of a linter (Spectral's oas3 and Redocly's recommended) that a client generator leans on, written out.
const house = useServer()
type Json = Record<string, unknown>
const record = (value: unknown): Json => {
  if (!isRecord(value)) throw new TypeError('not an object')
  return value
}
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

let document: Json
interface Op {
  where: string
  operation: Json
}
let operations: Op[]
let events: Op[]
beforeAll(async () => {
  document = record(JSON.parse((await house.get('/api/v1/openapi.json')).text))
  const collect = (paths: unknown): Op[] =>
    Object.entries(record(paths)).flatMap(([path, item]) =>
      Object.entries(record(item)).map(([method, operation]) => ({
        where: `${method} ${path}`,
        operation: record(operation),
      })),
    )
  operations = collect(document.paths)
  events = collect(document.webhooks)
})

/** What a JSON pointer of this document leads to. */
const resolve = (pointer: string): unknown =>
  pointer
    .replace('#/', '')
    .split('/')
    .reduce<unknown>((value, name) => (isRecord(value) ? value[name] : undefined), document)

/** Every value in the document, with its path. */
function* walk(value: unknown, path = '#'): Generator<[string, unknown]> {
  yield [path, value]
  if (typeof value !== 'object' || value === null) return
  for (const [name, inner] of Object.entries(value)) yield* walk(inner, `${path}/${name}`)
}

describe('the document', () => {
  test('says what it is, where it is served and under which licence', () => {
    expect(document).toMatchObject({
      openapi: '3.1.0',
      info: { title: expect.any(String), version: expect.any(String), license: { identifier: 'MIT' } },
      servers: [{ url: house.door.deps.baseUrl }],
    })
  })

  test('every reference resolves, every component is referred to', () => {
    const used = new Set<string>()
    for (const [path, value] of walk(document)) {
      if (!path.endsWith('/$ref')) continue
      expect([path, resolve(String(value))]).toEqual([path, expect.anything()])
      used.add(String(value))
    }
    const { schemas, responses } = record(document.components)
    const all = Object.entries({ schemas, responses }).flatMap(([kind, of]) =>
      Object.keys(record(of)).map(name => `#/components/${kind}/${name}`),
    )
    // A step stands within other schemas; its own name is for readers.
    expect(all.filter(name => !used.has(name))).toEqual(['#/components/schemas/Step', '#/components/schemas/Webhook'])
  })

  test('no schema is empty where an answer is described', () => {
    for (const { where, operation } of operations) {
      for (const [status, response] of Object.entries(record(operation.responses))) {
        if (status === '204' || isRecord(response) === false || '$ref' in response) continue
        expect([where, status, Object.values(record(response.content)).length]).toEqual([where, status, 1])
      }
    }
  })
})

describe('every operation', () => {
  test('has an id of its own that is a name in every language, and a summary', () => {
    const ids = [...operations, ...events].map(({ operation }) => String(operation.operationId))
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) expect(id).toMatch(/^[a-z]\w{2,50}$/)
    for (const { where, operation } of [...operations, ...events])
      expect([where, operation.summary]).toEqual([where, expect.stringMatching(/.{5}/)])
    // An act of a merchant or the platform says what it does, not only its own name.
    for (const { where, operation } of operations)
      if (/\/complaints\/\{id\}\/[\w-]+$/.test(where) && where.startsWith('post '))
        expect([where, operation.summary]).toEqual([where, expect.stringMatching(/^[A-Z].*; by (merchant|platform)/)])
  })

  test('names its security, of a scheme that there is; without a key only by a link', () => {
    const schemes = Object.keys(record(record(document.components).securitySchemes))
    for (const { where, operation } of operations) {
      expect([where, operation.security]).toEqual([where, expect.any(Array)])
      const named = list(operation.security).flatMap(each => Object.keys(record(each)))
      for (const name of named) expect(schemes).toContain(name)
      expect([where, named.length > 0]).toEqual([where, where.includes(' /api/v1/')])
    }
  })

  test('has a success and the errors that it can give', () => {
    for (const { where, operation } of operations) {
      const statuses = Object.keys(record(operation.responses))
      expect([where, statuses.some(each => each.startsWith('2'))]).toEqual([where, true])
      expect([where, statuses.some(each => each.startsWith('4'))]).toEqual([where, true])
      expect([where, statuses.includes('503')]).toEqual([where, true])
      expect([where, statuses.includes('401')]).toEqual([where, where.includes(' /api/v1/')])
      if ('requestBody' in operation) expect(statuses).toEqual(expect.arrayContaining(['400', '422']))
    }
  })

  test('describes its parameters, each once', () => {
    for (const { where, operation } of operations) {
      const parameters = list(operation.parameters).map(record)
      const names = parameters.map(({ name, in: place }) => `${place} ${name}`)
      expect([where, new Set(names).size]).toEqual([where, names.length])
      for (const { name, description } of parameters)
        expect([where, name, description]).toEqual([where, name, expect.any(String)])
    }
  })
})

test('closed lists are closed: a client that misspells a state does not compile', () => {
  const entry = record(record(record(resolve('#/components/schemas/Inbox/properties/items/items')).properties))
  expect(record(entry.state).enum).toEqual(STATES)
  expect(record(record(record(entry.lastStep).properties).kind).enum).toEqual(STEP_KINDS)
  expect(resolve('#/components/schemas/Step/properties/fields')).toMatchObject({ additionalProperties: {} })
})

test('operator is described wherever it is taken', () => {
  const described = [...walk(document.paths)].filter(([path]) => path.endsWith('/properties/operator'))
  expect(described.length).toBeGreaterThan(10)
  for (const [path, schema] of described)
    expect([path, record(schema).description]).toEqual([path, expect.stringContaining('automated')])
})

test('there is a webhook for each kind of step, and one for what buyers are to be told', () => {
  expect(events.map(({ where }) => where)).toEqual([
    ...STEP_KINDS.map(kind => `post complaint.${kind}`),
    'post buyer_notice',
  ])
})
