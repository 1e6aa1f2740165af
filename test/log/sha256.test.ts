import { hmac } from '@noble/hashes/hmac.js'
import { sha256 as known } from '@noble/hashes/sha2.js'
import { expect, test } from 'vitest'
import * as chosen from '#sha256'
import * as node from '../../src/hosts/node/sha256.ts'
import * as portable from '../../src/log/sha256.ts'

const bytesOf = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 37) & 255)

test('on Node, `#sha256` is by OpenSSL', () => {
  expect(chosen.sha256).toBe(node.sha256)
})

test.each([0, 1, 55, 56, 63, 64, 65, 561, 5000])('both hosts hash %i bytes alike', length => {
  const bytes = bytesOf(length)
  expect(node.sha256(bytes)).toEqual(known(bytes))
  expect(portable.sha256(bytes)).toEqual(known(bytes))
  // A key of any length (RFC 2104): longer than a block it is hashed first.
  for (const key of [bytesOf(32), bytesOf(length)]) {
    expect(node.hmacSha256(key, bytes)).toEqual(hmac(known, key, bytes))
    expect(portable.hmacSha256(key, bytes)).toEqual(hmac(known, key, bytes))
  }
})

test.each(['', 'abc', '买家说：颜色不对。', '\ud83d\ude00 🙂', '\ud800'])('both hash the text %j alike', text => {
  expect(node.sha256Text(text)).toBe(portable.sha256Text(text))
  expect(node.sha256Text(text)).toHaveLength(43)
  expect(node.textToBase64url(text)).toBe(portable.textToBase64url(text))
})
