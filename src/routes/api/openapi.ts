import { toJsonSchema } from '@valibot/to-json-schema'
import * as v from 'valibot'
import { actsOf } from '../../complaint/decide.ts'
import { takesFiles } from '../perform-act.ts'
import { EDGE_ERRORS } from '../problem.ts'
import { ACT_BODIES, Author, intake, Pickup, Resend } from '../schemas.ts'
import { webhookPaths } from './openapi-webhooks.ts'

type Schema = v.GenericSchema
type OutsideAct = keyof typeof ACT_BODIES

// Instants are parsed on the way in: the document shows what is sent. Checks that JSON Schema has no word for are left out.
const json = (schema: Schema) => {
  const { $schema: _, ...plain } = toJsonSchema(schema, { typeMode: 'input', errorMode: 'ignore' })
  return plain
}
const content = (schema: object, type = 'application/json') => ({ [type]: { schema } })
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })

const Party = v.object({ role: v.string(), name: v.string() })
const due = v.pipe(v.nullable(v.string()), v.description('ISO 8601 UTC; null when nobody must act'))
const seconds = v.pipe(v.number(), v.integer())
const figure = { basis: v.picklist(['law', 'platform_rule', 'default']), source: v.string() }
/** What stands behind `due` (docs/states.md). */
const timing = {
  rule: v.pipe(v.nullable(v.string()), v.description('clause of the policy behind due')),
  clause: v.nullable(
    v.union([v.object({ hours: v.number(), ...figure }), v.object({ workingDays: v.number(), ...figure })]),
  ),
  firstDue: v.pipe(v.nullable(v.string()), v.description('before it was extended')),
  usualDue: v.pipe(v.nullable(v.string()), v.description('without the surge that lengthened it')),
  surge: v.nullable(v.object({ name: v.string(), hours: v.number(), ...figure })),
  provisional: v.pipe(v.boolean(), v.description('rests on a calendar that is not announced yet')),
}
const Step = v.looseObject({
  seq: v.number(),
  at: v.string(),
  on: v.string(),
  kind: v.string(),
  by: v.object({ ...Party.entries, automated: v.boolean() }),
  fields: v.looseObject({}),
  late: v.optional(v.literal(true)),
  leaf: v.string(),
  index: v.number(),
})
const state = v.string()
const holder = v.nullable(Party)

const InboxEntry = v.object({
  id: v.string(),
  state,
  holder,
  due,
  overdue: v.boolean(),
  openedAt: v.string(),
  closedAt: v.nullable(v.string()),
  merchantId: v.string(),
  category: v.string(),
  handoffs: v.number(),
  orderId: v.nullable(v.string()),
  item: v.nullable(v.string()),
  remedySought: v.nullable(v.looseObject({ kind: v.string() })),
  lastStep: v.object({
    seq: v.number(),
    kind: v.string(),
    at: v.string(),
    by: v.object({ ...Party.entries, automated: v.boolean() }),
  }),
  updatedAt: v.string(),
})

const SCHEMAS = {
  Problem: v.object({
    type: v.string(),
    title: v.string(),
    status: v.number(),
    code: v.pipe(v.string(), v.description('Stable; docs/errors.md lists them')),
    errors: v.optional(v.array(v.object({ field: v.string(), code: v.string(), max: v.optional(v.number()) }))),
  }),
  Answer: v.object({
    step: Step,
    state,
    holder,
    due,
    shareUrl: v.optional(v.pipe(v.string(), v.description('of share-links'))),
  }),
  Submitted: v.object({
    id: v.string(),
    trackingUrl: v.string(),
    pickupCode: v.string(),
    state,
    holder,
    due,
    // Null where no checkpoint covers it yet: the complaint stands all the same.
    receipt: v.nullable(v.looseObject({ v: v.literal(1) })),
  }),
  Complaint: v.object({
    complaint: v.looseObject({
      id: v.string(),
      state,
      holder,
      due,
      ...timing,
      overdue: v.boolean(),
      openedAt: v.string(),
    }),
    steps: v.array(Step),
    responsibility: v.array(v.object({ role: v.string(), seconds, lateSeconds: seconds })),
    next: v.nullable(v.object({ ifActs: v.string(), ifSilent: v.string(), at: v.string() })),
    actions: v.array(v.string()),
    statement: v.pipe(v.string(), v.description('JWS; docs/log.md')),
  }),
  Inbox: v.object({
    items: v.array(InboxEntry),
    total: v.number(),
    nextCursor: v.nullable(v.string()),
  }),
  Receipt: v.looseObject({ v: v.literal(1) }),
}

const problem = (description: string) => ({ description, content: content(ref('Problem'), 'application/problem+json') })
const REFUSED = {
  403: problem('This act belongs to another role.'),
  404: problem(EDGE_ERRORS.not_found[1]),
  409: problem('The complaint refuses the act in its present state; `code` says why.'),
  422: problem(EDGE_ERRORS.invalid[1]),
  429: problem(EDGE_ERRORS.too_many[1]),
}
const UNKNOWN = { 401: problem(EDGE_ERRORS.unauthorized[1]) }
const inPath = (name: string, description: string) => ({
  name,
  in: 'path',
  required: true,
  description,
  schema: { type: 'string' },
})
const inQuery = (name: string, type: string) => ({ name, in: 'query', schema: { type } })
const ID = inPath('id', 'ten Crockford base32 characters')
const TOKEN = inPath('token', 'of a tracking link (act) or a share link (view)')
const KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  description: 'The same key and body get the first answer again, for seven days.',
  schema: { type: 'string', maxLength: 255 },
}
const BEARER = [{ bearer: [] }]

const found = (description: string, schema: string, more: object) => ({
  ...more,
  responses: { 200: { description, content: content(ref(schema)) }, 404: REFUSED[404] },
})
const bodyOf = (schema: object, more: object = {}) => ({ required: true, content: { ...content(schema), ...more } })
const post = (summary: string, body: object, answer: string, more: object, form: object = {}) => ({
  post: {
    summary,
    requestBody: bodyOf(body, form),
    responses: {
      201: { description: 'Recorded', content: content(ref(answer)) },
      ...REFUSED,
      ...('security' in more && UNKNOWN),
    },
    ...more,
  },
})

/** Evidence comes as a form: the same fields, and the files. */
const FILES = { type: 'object', properties: { files: { type: 'array', items: { type: 'string', format: 'binary' } } } }
const withFiles = (act: OutsideAct, body: object) =>
  takesFiles(act) ? content(both(body, FILES), 'multipart/form-data') : {}

const file = (more: object[], where: object) => ({
  get: {
    ...where,
    parameters: [...more, inPath('sha256', 'hex SHA-256 of the file, as its step names it')],
    responses: { 200: { description: 'An evidence file' }, 404: REFUSED[404] },
  },
})

/** The two forms of the front door. */
const door = (summary: string, body: Schema, responses: object) => ({
  post: {
    summary,
    tags: ['buyer'],
    requestBody: bodyOf(json(body)),
    responses: { ...responses, 422: REFUSED[422], 429: problem(EDGE_ERRORS.too_many_attempts[1]) },
  },
})

const both = (...parts: object[]) => ({ allOf: parts })

const sellerAct = (act: OutsideAct) => {
  const roles = (['merchant', 'platform'] as const).filter(role => actsOf(role).includes(act))
  const body = both(json(ACT_BODIES[act]), json(Author))
  const more = { tags: roles, security: BEARER, parameters: [ID, KEY] }
  return post(`${act}: by ${roles.join(' or ')}`, body, 'Answer', more, withFiles(act, body))
}

const buyerAct = (act: OutsideAct) => {
  const body = json(ACT_BODIES[act])
  const more = { tags: ['buyer'], parameters: [TOKEN, KEY] }
  return post(`${act}: by the buyer; a form answers 303`, body, 'Answer', more, withFiles(act, body))
}

const pathsFor = (acts: readonly OutsideAct[], prefix: string, made: (act: OutsideAct) => object) =>
  Object.fromEntries(acts.map(act => [`${prefix}/${act}`, made(act)]))

const sellerActs = () => [...new Set([...actsOf('merchant'), ...actsOf('platform')])]

/** The API as OpenAPI 3.1, from the schemas that validate. `categories` are the policy's. */
export const openApi = (categories: readonly string[]) => ({
  openapi: '3.1.0',
  info: { title: 'Tousu 透诉', version: '1', description: 'Complaints with a timeline that nobody can rewrite.' },
  components: {
    securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
    schemas: Object.fromEntries(Object.entries(SCHEMAS).map(([name, schema]) => [name, json(schema)])),
  },
  paths: {
    '/api/v1/complaints': {
      ...post('Submit a complaint', both(json(intake(categories)), json(Author)), 'Submitted', {
        tags: ['platform'],
        security: BEARER,
        parameters: [KEY],
      }),
      get: found('The caller’s inbox, soonest due first', 'Inbox', {
        security: BEARER,
        parameters: [
          inQuery('state', 'string'),
          inQuery('overdue', 'boolean'),
          inQuery('cursor', 'string'),
          inQuery('limit', 'integer'),
        ],
      }),
    },
    '/api/v1/complaints/{id}': {
      get: found('One complaint; `before` and `limit` page through its steps, else all come', 'Complaint', {
        security: BEARER,
        parameters: [ID, inQuery('before', 'integer'), inQuery('limit', 'integer')],
      }),
    },
    '/api/v1/complaints/{id}/receipt.json': {
      get: found('Its receipt', 'Receipt', { security: BEARER, parameters: [ID] }),
    },
    '/api/v1/complaints/{id}/files/{sha256}': file([ID], { security: BEARER }),
    ...pathsFor(sellerActs(), '/api/v1/complaints/{id}', sellerAct),
    ...webhookPaths,
    '/t/{token}': { get: found('Tracking page, or JSON by Accept', 'Complaint', { parameters: [TOKEN] }) },
    '/t/{token}/receipt.json': { get: found('Receipt', 'Receipt', { parameters: [TOKEN] }) },
    '/t/{token}/files/{sha256}': file([TOKEN], {}),
    ...pathsFor(actsOf('buyer'), '/t/{token}', buyerAct),
    '/pickup': door('Pickup code to tracking page', Pickup, {
      200: { description: 'Found; a form answers 303', content: content(json(v.object({ trackingUrl: v.string() }))) },
      404: REFUSED[404],
    }),
    '/pickup/resend': door('The SMS again', Resend, {
      202: { description: 'The same whether the order exists or not' },
    }),
  },
})
