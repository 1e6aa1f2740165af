import type * as v from 'valibot'
import { actsOf } from '../../complaint/decide.ts'
import { STATES, STEP_KINDS } from '../../complaint/words.ts'
import { takesFiles } from '../perform-act.ts'
import {
  ACT_BODIES,
  Author,
  IncidentReport,
  intake,
  KeySigned,
  NewKey,
  type OutsideAct,
  Pickup,
  Resend,
  RuleVersion,
  Search,
} from '../schemas.ts'
import { content, json, ref, refusals, responses, schemas } from './openapi-schemas.ts'

const keyOperation = (operationId: string, summary: string, more: object = {}, parameters: object[] = []) => ({
  operationId,
  summary,
  security: [{ bearer: [] }],
  tags: ['merchant', 'platform'],
  parameters,
  responses: {
    201: { description: 'As the keys are now', content: content(ref('PartyKeys')) },
    ...refusals(400, 401, 403, 404, 409, 413, 415, 422, 429, 503),
  },
  ...more,
})

const SIGNED = { requestBody: { content: content(json(KeySigned)) } }

/** Keys by which merchants and the platform sign what they do (docs/log.md, section 11). */
const keyPaths = {
  '/api/v1/keys': {
    get: keyOperation('listKeys', 'The caller’s keys, newest first', {
      responses: {
        200: { description: 'Found', content: content(ref('PartyKeys')) },
        ...refusals(401, 422, 503),
      },
    }),
    post: keyOperation('addKey', 'Registers a key: a leaf of the public log introduces it', {
      requestBody: { required: true, content: content(json(NewKey)) },
    }),
  },
  '/api/v1/keys/requirement': {
    post: keyOperation(
      'requireSignatures',
      'From now on nothing unsigned counts as the merchant’s; signed by a standing key',
      SIGNED,
    ),
  },
  '/api/v1/keys/release': {
    post: keyOperation(
      'releaseSignatures',
      'Unsigned acts are taken again; in the log it stands whether a key signed this',
      SIGNED,
    ),
  },
  '/api/v1/keys/{key}/retirement': {
    post: keyOperation(
      'retireKey',
      'What it signs from now on counts for nothing; a retired key never comes back',
      SIGNED,
      [{ name: 'key', in: 'path', required: true, description: 'its thumbprint', schema: { type: 'string' } }],
    ),
  },
}

type Answered = Parameters<typeof ref>[0]

const BEARER = [{ bearer: [] }]
/** The link's token in the path is all that is asked for. */
const BY_LINK: [] = []

const inPath = (name: string, description: string) => ({
  name,
  in: 'path',
  required: true,
  description,
  schema: { type: 'string' },
})
const inQuery = (name: string, schema: object, description: string) => ({ name, in: 'query', description, schema })
const ID = inPath('id', 'ten Crockford base32 characters')
const TOKEN = inPath('token', 'of a tracking link (act) or a share link (view)')
const SHA256 = inPath('sha256', 'hex SHA-256 of the file, as its step names it')
const KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  description: 'The same key and body get the first answer again, for seven days at least.',
  schema: { type: 'string', maxLength: 255 },
}
const SIGNATURE = {
  name: 'Tousu-Signature',
  in: 'header',
  description: 'The author’s signature over this act and body: a JWS and its salt (docs/api.md).',
  schema: { type: 'string', maxLength: 1400 },
}
const LIMIT = inQuery('limit', { type: 'integer', minimum: 1, default: 50 }, 'more than 200 count as 200')

const bodyOf = (schema: object, more: object = {}) => ({ required: true, content: { ...content(schema), ...more } })
const answering = (status: number, description: string, name: Answered) => ({
  [status]: { description, content: content(ref(name)) },
})
const camel = (text: string): string => text.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
const operationId = (prefix: string, act: string): string => prefix + camel(`-${act}`)

const found = (id: string, summary: string, name: Answered, more: { security: object; parameters: object[] }) => ({
  get: {
    operationId: id,
    summary,
    ...more,
    responses: { ...answering(200, 'Found', name), ...refusals(...READ, ...(more.security === BEARER ? KEYED : [])) },
  },
})
const READ = [404, 422, 503] as const
const KEYED = [401] as const
const WRITTEN = [400, 403, 404, 409, 413, 415, 422, 429, 503] as const

/** Evidence comes as a form: the same fields, and the files. */
const BINARY = { type: 'array', items: { type: 'string', format: 'binary' } }
const THUMBNAILS = {
  ...BINARY,
  description:
    'Small pictures for pages, after the files: JPEG, at most 16 KB and 320 pixels a side; the name of each says the place of its file, from 0 (`0.jpg`). Any other is dropped.',
}
const FILES = { type: 'object', properties: { files: BINARY, thumbnails: THUMBNAILS } }
const both = (...parts: object[]) => ({ allOf: parts })
const withFiles = (act: OutsideAct, body: object) =>
  takesFiles(act) ? content(both(body, FILES), 'multipart/form-data') : {}

const file = (id: string, parameters: object[], security: object) => ({
  get: {
    operationId: id,
    summary: 'An evidence file',
    security,
    parameters: [...parameters, SHA256],
    responses: {
      200: { description: 'Its bytes', content: { '*/*': { schema: { type: 'string', format: 'binary' } } } },
      ...refusals(404, 503, ...(security === BEARER ? KEYED : [])),
    },
  },
})

/** The two forms of the front door. */
const door = (id: string, summary: string, body: v.GenericSchema, answers: object) => ({
  post: {
    operationId: id,
    summary,
    tags: ['buyer'],
    security: BY_LINK,
    requestBody: bodyOf(json(body)),
    responses: { ...answers, ...refusals(400, 422, 429, 503) },
  },
})

/** What the acts of merchants and the platform say. */
const SAYS: Partial<Record<OutsideAct, string>> = {
  responses:
    'Answer the complaint: an offer, or a rejection with its ground. What the buyer asked for, offered, is agreed',
  'return-receipt': 'The returned goods came',
  'return-disputes': 'Object to what came back',
  appeals: 'Appeal against a ruling',
  messages: 'A message to the other party; moves no deadline',
  evidence: 'Evidence: files, or why there is none',
  fulfilment: 'What is owed was done, with its proof',
  'interim-reports': 'Why it takes longer than the whole time, and until when',
  'statements-requests': 'Ask a courier, a supplier or an authority for a statement',
  extensions: 'One later deadline for this stay, with its reason',
  assignment: 'An officer takes the complaint over',
  handoffs: 'Offer the complaint to another desk',
  'handoff-acceptance': 'Take what was offered to the desk',
  'evidence-requests': 'Ask a party, or both, for evidence',
  rulings: 'Decide, with facts, rule and reasons',
  refusal: 'Refuse to hear the complaint, with its ground',
  redactions: 'Erase a text',
  'redaction-refusals': 'Refuse to erase a text',
  'link-rotation': 'Replace the buyer’s link; the old one ends',
}

const sellerAct = (act: OutsideAct) => {
  const tags = (['merchant', 'platform'] as const).filter(role => actsOf(role).includes(act))
  const body = both(json(ACT_BODIES[act]), json(Author))
  return {
    post: {
      operationId: operationId('post', act),
      summary: `${SAYS[act] ?? act}; by ${tags.join(' or ')}`,
      description:
        'Possible while `actions` of the complaint names it. Without `operator` (or an officer that the body names) the act counts as automated.',
      tags,
      security: BEARER,
      parameters: [ID, KEY, SIGNATURE],
      requestBody: bodyOf(body, withFiles(act, body)),
      responses: { ...answering(201, 'Recorded', 'Answer'), ...refusals(...WRITTEN, ...KEYED) },
    },
  }
}

const buyerAct = (act: OutsideAct) => {
  const body = json(ACT_BODIES[act])
  return {
    post: {
      operationId: operationId('buyer', act),
      summary: `${act}: by the buyer; a form answers 303`,
      tags: ['buyer'],
      security: BY_LINK,
      parameters: [TOKEN, KEY],
      requestBody: bodyOf(body, withFiles(act, body)),
      responses: { ...answering(201, 'Recorded', 'Answer'), ...refusals(...WRITTEN) },
    },
  }
}

const pathsFor = (acts: readonly OutsideAct[], prefix: string, made: (act: OutsideAct) => object) =>
  Object.fromEntries(acts.map(act => [`${prefix}/${act}`, made(act)]))

const sellerActs = () => [...new Set([...actsOf('merchant'), ...actsOf('platform')])]

const complaints = (categories: readonly string[]) => ({
  '/api/v1/complaints': {
    post: {
      operationId: 'submitComplaint',
      summary: 'Submit a complaint, in the buyer’s name',
      tags: ['platform'],
      security: BEARER,
      parameters: [KEY],
      requestBody: bodyOf(both(json(intake(categories)), json(Author))),
      responses: {
        ...answering(201, 'Recorded', 'Submitted'),
        ...refusals(400, 401, 403, 409, 413, 415, 422, 503),
      },
    },
    ...found('listComplaints', 'The caller’s inbox, soonest due first; or what changed since an instant', 'Inbox', {
      security: BEARER,
      parameters: [
        inQuery('state', { type: 'string', enum: STATES }, 'the open ones without it'),
        inQuery('overdue', { type: 'boolean' }, 'whether `due` has passed'),
        inQuery(
          'updatedSince',
          { type: 'string', format: 'date-time' },
          'open and closed ones with a step at this instant or later, in the order of their newest steps',
        ),
        inQuery('cursor', { type: 'string' }, '`nextCursor` of the page before'),
        LIMIT,
      ],
    }),
  },
  '/api/v1/complaints/search': {
    post: {
      operationId: 'searchComplaints',
      summary: 'Find by id, order or phone, exactly; a post, since personal data never stands in an address',
      description:
        'All that is given must match. The caller’s turn comes first, then by `due`, then the closed ones. Without id, order and phone it is the inbox.',
      security: BEARER,
      requestBody: bodyOf(json(Search)),
      responses: { ...answering(200, 'Found', 'Inbox'), ...refusals(400, 401, 413, 415, 422, 429, 503) },
    },
  },
  '/api/v1/incidents': {
    post: {
      operationId: 'declareIncident',
      summary: 'Declare an incident, or say more of one; every page that it touches shows it, and it moves no clock',
      tags: ['platform'],
      security: BEARER,
      requestBody: bodyOf(json(IncidentReport)),
      responses: { ...answering(201, 'Recorded', 'IncidentNews'), ...refusals(400, 401, 403, 404, 413, 415, 422, 503) },
    },
    ...found('listIncidents', 'All incidents with their history', 'Incidents', { security: BEARER, parameters: [] }),
  },
  '/api/v1/rules': {
    post: {
      operationId: 'adoptRule',
      summary: 'Adopt a version of a platform rule, by a leaf of the log; with a supervisor’s key',
      tags: ['platform'],
      security: BEARER,
      requestBody: bodyOf(json(RuleVersion)),
      responses: { ...answering(201, 'Adopted', 'Rule'), ...refusals(400, 401, 403, 409, 413, 415, 422, 503) },
    },
    ...found('listRules', 'The platform’s rule library: every version, oldest first', 'Rules', {
      security: BEARER,
      parameters: [],
    }),
  },
  '/api/v1/complaints/{id}': found('readComplaint', 'One complaint with its steps', 'Complaint', {
    security: BEARER,
    parameters: [
      ID,
      inQuery('before', { type: 'integer' }, 'steps with a `seq` below it; all steps without `before` and `limit`'),
      LIMIT,
    ],
  }),
  '/api/v1/complaints/{id}/receipt.json': found('readReceipt', 'Its receipt, which a stranger can verify', 'Receipt', {
    security: BEARER,
    parameters: [ID],
  }),
  '/api/v1/complaints/{id}/files/{sha256}': file('readFile', [ID], BEARER),
  ...pathsFor(sellerActs(), '/api/v1/complaints/{id}', sellerAct),
})

const buyers = () => ({
  '/t/{token}': found('trackComplaint', 'Tracking page, or JSON by Accept', 'Complaint', {
    security: BY_LINK,
    parameters: [TOKEN],
  }),
  '/t/{token}/receipt.json': found('trackReceipt', 'Receipt', 'Receipt', { security: BY_LINK, parameters: [TOKEN] }),
  '/t/{token}/files/{sha256}': file('trackFile', [TOKEN], BY_LINK),
  ...pathsFor(actsOf('buyer'), '/t/{token}', buyerAct),
  '/pickup': door('pickUp', 'Pickup code to tracking page', Pickup, {
    ...answering(200, 'Found; a form answers 303', 'Tracking'),
    ...refusals(404),
  }),
  '/pickup/resend': door(
    'resendLink',
    'The SMS again',
    Resend,
    answering(202, 'The same whether the order exists or not', 'Accepted'),
  ),
})

/** The API as OpenAPI 3.1, from the schemas that validate. `categories` are the policy's. */
export const openApi = (categories: readonly string[], baseUrl: string) => ({
  openapi: '3.1.0',
  info: {
    title: 'Tousu 透诉',
    version: '1',
    description: 'Complaints with a timeline that nobody can rewrite. docs/api.md has a runnable example.',
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [{ url: baseUrl }],
  tags: [
    { name: 'merchant', description: 'with a merchant’s key' },
    { name: 'platform', description: 'with a key of the platform or of a supervisor' },
    { name: 'buyer', description: 'with the buyer’s link' },
  ],
  components: {
    securitySchemes: {
      bearer: {
        type: 'http',
        scheme: 'bearer',
        description: 'An API key, or a JWT of the platform’s identity provider',
      },
    },
    schemas: schemas(),
    responses: responses(),
  },
  paths: { ...complaints(categories), ...keyPaths, ...webhookPaths, ...buyers() },
  webhooks: events(),
})

const HOOK = inPath('hook', 'id of an endpoint')
const URL_BODY = {
  type: 'object',
  properties: { url: { type: 'string', description: 'public https address' } },
  required: ['url'],
}

type Statuses = Parameters<typeof refusals>
const hookOperation = (
  operationId: string,
  summary: string,
  status: number,
  { parameters = [], answer, refused = [404] }: { parameters?: object[]; answer?: Answered; refused?: Statuses },
  more: object = {},
) => ({
  operationId,
  summary,
  tags: ['merchant'],
  security: [{ bearer: [] }],
  parameters,
  responses: {
    [status]: { description: answer ?? 'Done', ...(answer && { content: content(ref(answer)) }) },
    ...refusals(401, 403, 422, 503, ...refused),
  },
  ...more,
})

/** A merchant's webhook endpoints (docs/webhooks.md). */
const webhookPaths = {
  '/api/v1/webhooks': {
    get: hookOperation('listWebhooks', 'The endpoints, without their secrets', 200, {
      answer: 'Webhooks',
      refused: [],
    }),
    post: hookOperation(
      'addWebhook',
      'Adds an endpoint; a known address answers the endpoint that has it',
      201,
      { answer: 'WebhookWithSecret', refused: [400, 409, 413, 415] },
      { requestBody: { required: true, content: content(URL_BODY) } },
    ),
  },
  '/api/v1/webhooks/{hook}': {
    delete: hookOperation('removeWebhook', 'Takes it away, with its deliveries', 204, { parameters: [HOOK] }),
  },
  '/api/v1/webhooks/{hook}/secret-rotations': {
    post: hookOperation('rotateWebhookSecret', 'A new secret; the old one signs beside it for a day', 201, {
      parameters: [HOOK],
      answer: 'WebhookWithSecret',
    }),
  },
  '/api/v1/webhooks/{hook}/activation': {
    post: hookOperation('activateWebhook', 'Enables one that answered 410', 204, { parameters: [HOOK] }),
  },
  '/api/v1/webhooks/{hook}/test': {
    post: hookOperation('testWebhook', 'Sends an event of type `test`, signed like any other', 202, {
      parameters: [HOOK],
      answer: 'Accepted',
    }),
  },
  '/api/v1/webhooks/{hook}/deliveries': {
    get: hookOperation('listWebhookDeliveries', 'The last fifty deliveries, the newest first', 200, {
      parameters: [HOOK],
      answer: 'WebhookDeliveries',
    }),
  },
  '/api/v1/webhooks/{hook}/deliveries/{delivery}/resends': {
    post: hookOperation('resendWebhookEvent', 'Sends an event again', 202, {
      parameters: [HOOK, inPath('delivery', 'its number')],
      answer: 'Accepted',
    }),
  },
}

/** What is posted to an endpoint: one event for each kind of step; and to the platform's own, what a buyer is to be told. */
const events = () => ({ ...steps(), buyer_notice: buyerNotice })

const buyerNotice = {
  post: {
    operationId: 'on_buyer_notice',
    summary: 'A buyer is to be told something in the platform’s app or WeChat account (docs/webhooks.md)',
    security: [],
    requestBody: { required: true, content: content(ref('BuyerNotice')) },
    responses: {
      '2XX': { description: 'Taken; `id` is its number there', content: content(ref('NoticeTaken')) },
      422: { description: 'This buyer can’t be told this way; `code` says why. The SMS vendor sends it' },
    },
  },
}

const steps = () =>
  Object.fromEntries(
    STEP_KINDS.map(kind => {
      const type = `complaint.${kind}`
      const schema = { allOf: [ref('Event'), { type: 'object', properties: { type: { const: type } } }] }
      const post = {
        operationId: `on_${kind}`,
        summary: `A step ${kind} was recorded`,
        security: [],
        requestBody: { required: true, content: content(schema) },
        responses: {
          '2XX': { description: 'Delivered' },
          410: { description: 'The endpoint is disabled until its merchant enables it' },
        },
      }
      return [type, { post }]
    }),
  )
