import { expect, test } from 'vitest'
import { parseCheckpoint } from '../../../src/log/checkpoint.ts'
import { decodeLeaf } from '../../../src/log/leaf.ts'
import { noteVerifier, parseNote, parseVerifierKey, verifyNote } from '../../../src/log/note.ts'
import { parseBundle } from '../../../src/log/tiles.ts'
import { parsePolicy } from '../../../src/log/trust.ts'
import { verifyReceipt } from '../../../src/log/verify.ts'
import { expectDiscreet, expectProblem, made, useServer } from '../../support/server.ts'
import * as scenes from '../scenes.ts'

const house = useServer()
const size = async () => parseCheckpoint(parseNote((await house.get('/log/0/checkpoint')).text).text).size
const bytesOf = async (path: string) => {
  const response = await house.door.fetch(path)
  return { response, bytes: new Uint8Array(await response.arrayBuffer()) }
}

test('the checkpoint is signed with the key that the policy names', async () => {
  await house.view(await house.submit())
  const policy = (await house.get('/log/0/policy')).text
  expect(() => parsePolicy(policy)).not.toThrow()
  const key = /^log (\S+)/m.exec(policy)?.[1] ?? ''
  const { headers, text } = await house.get('/log/0/checkpoint')
  expect(headers.get('content-type')).toMatch(/^text\/plain/)
  expect(await verifyNote(parseNote(text), [noteVerifier(parseVerifierKey(key))])).toHaveProperty('size', 1)
})

test('every published leaf is served, without a word of anybody', async () => {
  await house.view(await scenes.ruled(house))
  const width = await size()
  const { response, bytes } = await bytesOf(`/log/0/tile/entries/000.p/${width}`)
  expect(response.headers.get('cache-control')).toContain('immutable')
  const leaves = parseBundle(bytes)
  expect(leaves).toHaveLength(width)
  expect(leaves.map(leaf => decodeLeaf(leaf).kind)).toContain('ruled')
  expectDiscreet(Buffer.from(bytes).toString('utf8'))
  const tile = await bytesOf(`/log/0/tile/0/000.p/${width}`)
  expect(tile.bytes).toHaveLength(width * 32)
})

test('pages of others may read it: CORS, for what is there and what is not', async () => {
  for (const path of ['checkpoint', 'policy', 'tile/0/009']) {
    const { headers } = await house.get(`/log/0/${path}`)
    expect(headers.get('access-control-allow-origin')).toBe('*')
  }
  const { headers } = await house.get('/verify', { Accept: 'text/html' })
  expect(headers.get('content-security-policy')).toContain("connect-src 'self' https:;")
})

test('nothing beyond the published size, and nothing but tiles', async () => {
  const width = (await size()) + 50
  const none = [
    `tile/0/000.p/${width}`,
    'tile/0/000',
    'tile/entries/000',
    `tile/entries/000.p/${width}`,
    'tile/0/001.p/1',
  ]
  const odd = [
    'tile/0/0',
    'tile/00/000.p/1',
    'tile/64/000.p/1',
    'tile/-1/000',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/x999/999',
    'tile/entries/',
    'tile/data/000.p/1',
    'checkpoint/',
    'nothing',
    'tile/0/..%2f',
    'policies/x',
    `tile/0/${'x999/'.repeat(900)}999`,
  ]
  for (const path of [...none, ...odd]) expectProblem(await house.get(`/log/0/${path}`), 404, 'not_found')
  for (const shard of ['1', '00', '-1', '256', '9'.repeat(400), 'x', '__proto__']) {
    expectProblem(await house.get(`/log/${shard}/checkpoint`), 404, 'not_found')
  }
})

test('the deadlines in force are served under the hash that leaves name', async () => {
  const { complaint } = await house.view(await house.submit())
  const { bytes } = await bytesOf(`/log/0/policies/${complaint.policy}`)
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  expect(Buffer.from(digest).toString('base64url')).toBe(complaint.policy)
})

test('every reader’s receipt verifies against the policy, and a changed one does not', async () => {
  const filed = await scenes.ruled(house)
  const { shareUrl = '' } = made(await house.asBuyer(filed, 'share-links', { texts: 'yes' }))
  const policy = (await house.get('/log/0/policy')).text
  const api = `/api/v1/complaints/${filed.id}/receipt.json`
  const receipts = [
    await house.get(`${filed.room}/receipt.json`),
    await house.get(`${new URL(shareUrl).pathname}/receipt.json`),
    await house.get(api, house.bearer('merchant')),
    await house.get(api, house.bearer('platform')),
  ]
  for (const { text } of receipts) {
    const receipt = JSON.parse(text)
    expect(await verifyReceipt(receipt, policy)).toMatchObject({ ok: true })
    expect(await verifyReceipt({ ...receipt, steps: receipt.steps.slice(0, -1) }, policy)).toMatchObject({ ok: false })
  }
})
