import { hmac } from '@noble/hashes/hmac.js'
import { sha256 as noble } from '@noble/hashes/sha2.js'
import { expect, test } from 'vitest'
import { hmacSha256, sha256, sha256Text, textToBase64url } from '#sha256'
import { toBase64url, utf8 } from '../../../src/log/encoding.ts'

test('workerd: #sha256 is its native one, with the answers of the one that browsers have', () => {
  // src/log/sha256.ts passes noble's own function on.
  expect(sha256).not.toBe(noble)
  for (const length of [0, 1, 55, 56, 63, 64, 65, 200, 14_000]) {
    const bytes = new Uint8Array(length).map((_, i) => i * 7)
    expect(sha256(bytes), String(length)).toEqual(noble(bytes))
    for (const key of [new Uint8Array(32).fill(3), new Uint8Array(100).fill(5)])
      expect(hmacSha256(key, bytes), String(length)).toEqual(hmac(noble, key, bytes))
  }
  for (const text of ['', 'é漢', '😀 a', '\ud800']) {
    expect(sha256Text(text), JSON.stringify(text)).toBe(toBase64url(noble(utf8(text))))
    expect(textToBase64url(text), JSON.stringify(text)).toBe(toBase64url(utf8(text)))
  }
})
