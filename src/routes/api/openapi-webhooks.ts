const MERCHANT = { tags: ['merchant'], security: [{ bearer: [] }] }
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
const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
})
const NOT_THERE = { 404: problem('The merchant has no such endpoint.') }

const operation = (summary: string, parameters: object[], responses: object, more: object = {}) => ({
  ...MERCHANT,
  summary,
  parameters,
  responses,
  ...more,
})

/** A merchant's webhook endpoints (docs/webhooks.md). */
export const webhookPaths = {
  '/api/v1/webhooks': {
    get: operation('The endpoints', [], { 200: { description: '{items}; without secrets' } }),
    post: operation(
      'Adds an endpoint; a known address answers the endpoint that has it',
      [],
      {
        201: { description: 'The endpoint with its secret' },
        409: problem('There are ten.'),
        422: problem('No public https address.'),
      },
      { requestBody: { required: true, content: { 'application/json': { schema: URL_BODY } } } },
    ),
  },
  '/api/v1/webhooks/{hook}': {
    delete: operation('Takes it away, with its deliveries', [HOOK], { 204: { description: 'Gone' }, ...NOT_THERE }),
  },
  '/api/v1/webhooks/{hook}/secret-rotations': {
    post: operation('A new secret; the old one signs beside it for a day', [HOOK], {
      201: { description: 'The endpoint with its new secret' },
      ...NOT_THERE,
    }),
  },
  '/api/v1/webhooks/{hook}/activation': {
    post: operation('Enables one that answered 410', [HOOK], { 204: { description: 'Enabled' }, ...NOT_THERE }),
  },
  '/api/v1/webhooks/{hook}/deliveries': {
    get: operation('The last fifty deliveries, the newest first', [HOOK], {
      200: { description: '{items}' },
      ...NOT_THERE,
    }),
  },
  '/api/v1/webhooks/{hook}/deliveries/{delivery}/resends': {
    post: operation('Sends an event again', [HOOK, inPath('delivery', 'its number')], {
      202: { description: 'It will be sent' },
      ...NOT_THERE,
    }),
  },
}
