import { STEP_KINDS } from '../../complaint/words.ts'
import { content, ref, refusals } from './openapi-schemas.ts'

type Answered = Parameters<typeof ref>[0]

const inPath = (name: string, description: string) => ({
  name,
  in: 'path',
  required: true,
  description,
  schema: { type: 'string' },
})
const HOOK = inPath('hook', 'id of an endpoint')
const URL_BODY = {
  type: 'object',
  properties: { url: { type: 'string', description: 'public https address' } },
  required: ['url'],
}

type Statuses = Parameters<typeof refusals>
const operation = (
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
export const webhookPaths = {
  '/api/v1/webhooks': {
    get: operation('listWebhooks', 'The endpoints, without their secrets', 200, { answer: 'Webhooks', refused: [] }),
    post: operation(
      'addWebhook',
      'Adds an endpoint; a known address answers the endpoint that has it',
      201,
      { answer: 'WebhookWithSecret', refused: [400, 409, 413, 415] },
      { requestBody: { required: true, content: content(URL_BODY) } },
    ),
  },
  '/api/v1/webhooks/{hook}': {
    delete: operation('removeWebhook', 'Takes it away, with its deliveries', 204, { parameters: [HOOK] }),
  },
  '/api/v1/webhooks/{hook}/secret-rotations': {
    post: operation('rotateWebhookSecret', 'A new secret; the old one signs beside it for a day', 201, {
      parameters: [HOOK],
      answer: 'WebhookWithSecret',
    }),
  },
  '/api/v1/webhooks/{hook}/activation': {
    post: operation('activateWebhook', 'Enables one that answered 410', 204, { parameters: [HOOK] }),
  },
  '/api/v1/webhooks/{hook}/test': {
    post: operation('testWebhook', 'Sends an event of type `test`, signed like any other', 202, {
      parameters: [HOOK],
      answer: 'Accepted',
    }),
  },
  '/api/v1/webhooks/{hook}/deliveries': {
    get: operation('listWebhookDeliveries', 'The last fifty deliveries, the newest first', 200, {
      parameters: [HOOK],
      answer: 'WebhookDeliveries',
    }),
  },
  '/api/v1/webhooks/{hook}/deliveries/{delivery}/resends': {
    post: operation('resendWebhookEvent', 'Sends an event again', 202, {
      parameters: [HOOK, inPath('delivery', 'its number')],
      answer: 'Accepted',
    }),
  },
}

/** What is posted to an endpoint: one event for each kind of step; and to the platform's own, what a buyer is to be told. */
export const events = () => ({ ...steps(), buyer_notice: buyerNotice })

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
