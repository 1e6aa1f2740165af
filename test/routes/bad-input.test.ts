import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { expectProblem, type Filed, type Reply, useServer } from '../support/server.ts'
import * as scenes from './scenes.ts'

const house = useServer()
let filed: Filed
let before: unknown
beforeAll(async () => {
  filed = await scenes.rejected(house)
  before = (await house.view(filed)).steps
})
/** Whatever was sent: the timeline is as it was. */
afterEach(async () => {
  expect((await house.view(filed)).steps).toEqual(before)
})

const BOUNDARY = 'multipart/form-data; boundary=x'
const RAW: readonly (readonly [name: string, body: BodyInit, type: string, status: number, code: string])[] = [
  ['no JSON', '{"text":', 'application/json', 400, 'malformed_json'],
  ['no JSON either', 'text=hello', 'application/json', 400, 'malformed_json'],
  ['a comment', '{/**/}', 'application/json', 400, 'malformed_json'],
  ['UTF-16', new Uint8Array([0xff, 0xfe, 0x7b, 0, 0x7d, 0]), 'application/json', 400, 'malformed_json'],
  [
    'broken UTF-8',
    new Uint8Array([...Buffer.from('{"text":"'), 0xc3, 0x28, 0x22, 0x7d]),
    'application/json',
    400,
    'malformed_json',
  ],
  ['only brackets', '['.repeat(500_000), 'application/json', 400, 'malformed_json'],
  ['an array', '[]', 'application/json', 422, 'invalid'],
  ['an array, deep', `${'['.repeat(9000)}${']'.repeat(9000)}`, 'application/json', 422, 'invalid'],
  ['null', 'null', 'application/json', 422, 'invalid'],
  ['a string', '"text"', 'application/json', 422, 'invalid'],
  ['a number', '1e999', 'application/json', 422, 'invalid'],
  ['an empty object', '{}', 'application/json', 422, 'invalid'],
  ['nothing', '', 'application/json', 422, 'invalid'],
  ['nothing of no type', '', '', 422, 'invalid'],
  ['a prototype', '{"__proto__":{"text":"x","reason":"x"}}', 'application/json', 422, 'invalid'],
  ['text in an object', '{"text":{"toString":"x"},"reason":{}}', 'application/json', 422, 'invalid'],
  ['a list of texts', '{"text":["x"],"reason":["x"]}', 'application/json', 422, 'invalid'],
  ['only spaces', '{"text":" \\n\\t ","reason":"\\u3000"}', 'application/json', 422, 'invalid'],
  ['a NUL', '{"text":"a\\u0000b","reason":"a\\u0000b"}', 'application/json', 422, 'invalid'],
  ['a line turned around', '{"text":"\\u202e","reason":"a\\u2066b"}', 'application/json', 422, 'invalid'],
  ['half a character', '{"text":"\\ud83d","reason":"\\ude00"}', 'application/json', 422, 'invalid'],
  [
    'a long text',
    JSON.stringify({ text: '长'.repeat(100_000), reason: '长'.repeat(100_000) }),
    'application/json',
    422,
    'invalid',
  ],
  ['a form of too many pairs', 'a&'.repeat(500), 'application/x-www-form-urlencoded', 413, 'too_large'],
  [
    'a form without files above 64 KB',
    `text=${'x'.repeat(66_000)}`,
    'application/x-www-form-urlencoded',
    413,
    'too_large',
  ],
  [
    'a boundary longer than RFC 2046 allows',
    '--x',
    `multipart/form-data; boundary=${'x'.repeat(71)}`,
    400,
    'malformed_form',
  ],
  ['too much JSON', JSON.stringify({ text: 'x'.repeat(1_100_000) }), 'application/json', 413, 'too_large'],
  ['plain text', 'hello', 'text/plain', 415, 'unsupported_media_type'],
  ['XML', '<text/>', 'application/xml', 415, 'unsupported_media_type'],
  ['bytes', new Uint8Array([1, 2, 3]), 'application/octet-stream', 415, 'unsupported_media_type'],
  ['an odd type', '{}', 'application/json5', 415, 'unsupported_media_type'],
  ['a type of many letters', '{}', 'x'.repeat(5000), 415, 'unsupported_media_type'],
  ['multipart that is none', 'hello', BOUNDARY, 400, 'malformed_form'],
  ['multipart without a boundary', '--x--', 'multipart/form-data', 400, 'malformed_form'],
  [
    'multipart cut short',
    '--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nhel',
    BOUNDARY,
    400,
    'malformed_form',
  ],
  [
    'multipart without a name',
    '--x\r\nContent-Type: text/plain\r\n\r\nhi\r\n--x--\r\n',
    BOUNDARY,
    400,
    'malformed_form',
  ],
  ['an empty form', '', 'application/x-www-form-urlencoded', 422, 'invalid'],
  ['a form of nonsense', '&&&===&%%%', 'application/x-www-form-urlencoded', 422, 'invalid'],
  [
    'a form of prototypes',
    '__proto__.text=x&constructor.prototype.text=x&text.a.b.c.d=1',
    'application/x-www-form-urlencoded',
    422,
    'invalid',
  ],
  ['a form with dots', 'text.text=x&reason.=x&.reason=x', 'application/x-www-form-urlencoded', 422, 'invalid'],
]

const rooms = () => [
  { path: `${filed.room}/messages`, headers: {} },
  { path: `${filed.room}/escalation`, headers: {} },
  { path: `/api/v1/complaints/${filed.id}/messages`, headers: house.bearer('merchant') },
  { path: `/api/v1/complaints/${filed.id}/handoffs`, headers: house.bearer('platform') },
  { path: '/api/v1/complaints', headers: house.bearer('platform') },
  { path: '/pickup', headers: {} },
  { path: '/pickup/resend', headers: {} },
]

describe.each(RAW)('%s', (_name, body, type, status, code) => {
  test('is refused everywhere', async () => {
    for (const { path, headers } of rooms()) {
      const sent: Record<string, string> = {
        ...headers,
        Accept: 'application/json',
        ...(type && { 'Content-Type': type }),
      }
      expectProblem(await house.send(path, body, sent), status, code)
    }
  })
})

test('a form of the page is answered with a page, whatever is wrong with it', async () => {
  for (const [name, body, type, status] of RAW) {
    if (type.includes('json')) continue
    const reply = await house.send(`${filed.room}/messages`, body, {
      Accept: 'text/html',
      ...(type && { 'Content-Type': type }),
    })
    expect([name, reply.status, reply.headers.get('content-type')]).toEqual([
      name,
      status,
      expect.stringMatching(/^text\/html/),
    ])
  }
})

const FIELDS: readonly (readonly [act: string, body: object, field: string, code: string])[] = [
  ['messages', { text: 'x'.repeat(5001) }, 'text', 'too_long'],
  ['escalation', { reason: 'x'.repeat(100_000) }, 'reason', 'too_long'],
  ['rating', { score: 0 }, 'score', 'choose'],
  ['rating', { score: 6 }, 'score', 'choose'],
  ['rating', { score: 4.5 }, 'score', 'choose'],
  ['rating', { score: '５' }, 'score', 'choose'],
  ['rating', { score: 1e308 }, 'score', 'choose'],
  ['rating', { score: 5, text: '' }, 'text', 'required'],
  ['offer-acceptance', { offer: -1 }, 'offer', 'choose'],
  ['offer-acceptance', { offer: 2 ** 53 }, 'offer', 'choose'],
  ['offer-acceptance', { offer: '99999999999999999999' }, 'offer', 'choose'],
  [
    'offer-refusal',
    { reason: '少', counter: { kind: 'refund', amount: { value: '1e9', currency: 'CNY' } } },
    'counter.amount.value',
    'amount',
  ],
  ['offer-refusal', { reason: '少', counter: { kind: 'gold' } }, 'counter.kind', 'choose'],
  ['offer-refusal', { reason: '少', counter: [] }, 'counter.kind', 'required'],
  ['conduct-report', { seq: -1, text: 'x' }, 'seq', 'choose'],
  ['redaction-request', { seq: 0, field: '__proto__', reason: 'x' }, 'field', 'choose'],
  ['redaction-request', { seq: 0, field: 'a'.repeat(9999), reason: 'x' }, 'field', 'too_long'],
  ['withdrawal', { reason: 'changed_mind' }, 'confirm', 'required'],
  ['withdrawal', { reason: 'changed_mind', confirm: 'no' }, 'confirm', 'tick'],
  ['withdrawal', { reason: 'changed_mind', confirm: true }, 'confirm', 'tick'],
  ['share-links', { texts: 'maybe' }, 'texts', 'tick'],
  ['return-shipment', { carrier: '中\n通', trackingNo: 'ZT1234' }, 'carrier', 'characters'],
  ['return-shipment', { carrier: '中通', trackingNo: '<b>' }, 'trackingNo', 'characters'],
]
test.each(FIELDS)('%s %.60j', async (act, body, field, code) => {
  const { errors } = expectProblem(await house.asBuyer(filed, act, body), 422, 'invalid')
  expect(errors).toContainEqual(expect.objectContaining({ field, code }))
})

const REFUSED: readonly (readonly [act: string, body: object, code: string])[] = [
  ['conduct-report', { seq: 999_999, text: 'x' }, 'unknown_step'],
  ['redaction-request', { seq: 7, field: 'statement', reason: 'x' }, 'unknown_step'],
  ['redaction-request', { seq: 0, field: 'nothing', reason: 'x' }, 'unknown_step'],
  ['redaction-request', { seq: 0, field: 'constructor', reason: 'x' }, 'unknown_step'],
  ['offer-acceptance', {}, 'no_offer'],
  ['dispute', { reason: 'x' }, 'wrong_state'],
  ['appeal', { reason: 'x' }, 'wrong_state'],
  ['reopening', { reason: 'x' }, 'wrong_state'],
  ['rating', { score: 5 }, 'wrong_state'],
  ['return-shipment', { carrier: '中通', trackingNo: 'ZT1234' }, 'wrong_state'],
]
test.each(REFUSED)('%s %j is refused', async (act, body, code) => {
  expectProblem(await house.asBuyer(filed, act, body), 409, code)
})

const credentials: readonly string[] = [
  'Bearer',
  'Bearer ',
  'Bearer x',
  `Bearer ${'x'.repeat(5000)}`,
  'bearer "; --',
  'Bearer eyJ..',
  'Bearer eyJhIjoxfQ.e30.c2ln',
]
test.each(credentials)('the credential %.20j is none', async Authorization => {
  for (const path of ['', `/${filed.id}`]) {
    expectProblem(await house.get(`/api/v1/complaints${path}`, { Authorization }), 401, 'unauthorized')
  }
  const headers = { Authorization }
  expectProblem(
    await house.post(`/api/v1/complaints/${filed.id}/messages`, { text: 'x' }, headers),
    401,
    'unauthorized',
  )
})

test('a page shows no markup that somebody typed', async () => {
  const own = await house.submit({ item: '<script>1</script>', statement: '"><img src=x onerror=alert(1)>' })
  const { text }: Reply = await house.get(own.room)
  expect(text).toContain('&lt;script&gt;')
  expect(text).not.toMatch(/<script>|<img/)
})
