import { KeySigned, NewKey } from '../schemas.ts'
import { content, json, ref, refusals } from './openapi-schemas.ts'

const operation = (operationId: string, summary: string, more: object = {}, parameters: object[] = []) => ({
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
export const keyPaths = {
  '/api/v1/keys': {
    get: operation('listKeys', 'The caller’s keys, newest first', {
      responses: {
        200: { description: 'Found', content: content(ref('PartyKeys')) },
        ...refusals(401, 422, 503),
      },
    }),
    post: operation('addKey', 'Registers a key: a leaf of the public log introduces it', {
      requestBody: { required: true, content: content(json(NewKey)) },
    }),
  },
  '/api/v1/keys/requirement': {
    post: operation(
      'requireSignatures',
      'From now on nothing unsigned counts as the merchant’s; signed by a standing key',
      SIGNED,
    ),
  },
  '/api/v1/keys/release': {
    post: operation(
      'releaseSignatures',
      'Unsigned acts are taken again; in the log it stands whether a key signed this',
      SIGNED,
    ),
  },
  '/api/v1/keys/{key}/retirement': {
    post: operation(
      'retireKey',
      'What it signs from now on counts for nothing; a retired key never comes back',
      SIGNED,
      [{ name: 'key', in: 'path', required: true, description: 'its thumbprint', schema: { type: 'string' } }],
    ),
  },
}
