import * as v from 'valibot'
import { beforeAll, expect, test } from 'vitest'
import { actsOf } from '../../../src/complaint/decide.ts'
import { expectProblem, useServer } from '../../support/server.ts'
import * as scenes from '../scenes.ts'

const house = useServer()
const Schema: v.GenericSchema<unknown, JsonSchema> = v.looseObject({
  required: v.optional(v.array(v.string())),
  properties: v.optional(v.record(v.string(), v.unknown())),
  allOf: v.optional(v.array(v.lazy(() => Schema))),
})
interface JsonSchema {
  required?: string[] | undefined
  properties?: Record<string, unknown> | undefined
  allOf?: JsonSchema[] | undefined
}
const Operation = v.looseObject({
  responses: v.record(
    v.pipe(v.string(), v.regex(/^[1-5]\d\d$/)),
    v.union([v.looseObject({ description: v.string() }), v.strictObject({ $ref: v.string() })]),
  ),
  parameters: v.optional(v.array(v.looseObject({ name: v.string(), in: v.picklist(['path', 'query', 'header']) }))),
  requestBody: v.optional(v.looseObject({ content: v.record(v.string(), v.looseObject({ schema: Schema })) })),
})
const Document = v.looseObject({
  openapi: v.pipe(v.string(), v.regex(/^3\.1\.\d$/)),
  info: v.looseObject({ title: v.string(), version: v.string() }),
  paths: v.record(v.pipe(v.string(), v.startsWith('/')), v.record(v.picklist(['get', 'post', 'delete']), Operation)),
  components: v.looseObject({ schemas: v.record(v.string(), v.unknown()) }),
})

let document: v.InferOutput<typeof Document>
let raw: string
beforeAll(async () => {
  raw = (await house.get('/api/v1/openapi.json')).text
  document = v.parse(Document, JSON.parse(raw))
})

test('every act of every role is described', () => {
  const paths = Object.keys(document.paths)
  for (const act of actsOf('buyer')) expect(paths).toContain(`/t/{token}/${act}`)
  for (const act of [...actsOf('merchant'), ...actsOf('platform')]) {
    expect(paths).toContain(`/api/v1/complaints/{id}/${act}`)
  }
})

test('every reference leads somewhere, and every name in a path is a parameter', () => {
  for (const [, name = ''] of raw.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)) {
    expect(document.components.schemas).toHaveProperty(name)
  }
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const { parameters = [] } of Object.values(operations)) {
      const named = parameters.filter(each => each.in === 'path').map(({ name }) => name)
      expect(named).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))
    }
  }
})

test('every address that is described is there', async () => {
  const filed = await house.submit()
  for (const [path, operations] of Object.entries(document.paths)) {
    const real = path.replace('/t/{token}', filed.room).replace('{id}', filed.id).replace('{sha256}', '0'.repeat(64))
    for (const method of Object.keys(operations)) {
      const response = await house.door.fetch(real, { method: method.toUpperCase(), headers: house.bearer('platform') })
      expect([path, response.status]).toEqual([path, expect.not.toBeOneOf([405])])
    }
  }
})

test('an inbox has the fields that its schema names, and no others', async () => {
  await scenes.submitted(house)
  const Inbox = v.object({ items: v.tupleWithRest([v.record(v.string(), v.unknown())], v.unknown()) })
  const [item] = v.parse(
    Inbox,
    JSON.parse((await house.get('/api/v1/complaints', house.bearer('merchant'))).text),
  ).items
  const Described = v.object({ properties: v.object({ items: v.object({ items: Schema }) }) })
  const { items } = v.parse(Described, document.components.schemas.Inbox).properties.items
  expect(Object.keys(items.properties ?? {}).sort()).toEqual(Object.keys(item).sort())
})

const requiredOf = ({ required = [], allOf = [] }: JsonSchema): string[] => [...required, ...allOf.flatMap(requiredOf)]

test('what a schema requires is refused with 422 when it is missing', async () => {
  const filed = await scenes.submitted(house)
  const before = (await house.view(filed)).steps
  for (const [path, { post }] of Object.entries(document.paths)) {
    const schema = post?.requestBody?.content['application/json']?.schema
    if (!schema || requiredOf(schema).length === 0) continue
    const merchant = Array.isArray(post?.tags) && post.tags.includes('merchant')
    const real = path.replace('/t/{token}', filed.room).replace('{id}', filed.id)
    const { errors = [] } = expectProblem(
      await house.post(real, {}, house.bearer(merchant ? 'merchant' : 'supervisor')),
      422,
      'invalid',
    )
    // `rule` or `cites`: JSON Schema has no short word for either of two.
    const missing = errors
      .filter(({ code, field }) => code === 'required' && field !== 'rule')
      .map(({ field }) => field)
    expect([path, missing.sort()]).toEqual([path, requiredOf(schema).sort()])
  }
  expect((await house.view(filed)).steps).toEqual(before)
})
