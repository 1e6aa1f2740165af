import { CompactSign, compactVerify, importJWK } from 'jose'
import { describe, expect, test } from 'vitest'
import {
  readKid,
  readStatement,
  type Statement,
  StatementError,
  signStatement,
  statementKid,
  verifyStatement,
} from '../../src/log/statement.ts'
import { C, newKey } from './story.ts'

const hash = 'X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0'
const statement: Statement = {
  iat: 1_767_225_600_123,
  c: C,
  origin: 'tousu.example/0',
  size: 7,
  root: hash,
  head_seq: 3,
  head_leaf: hash,
}

/** Signed, but with whatever header and payload. */
const forge = async (privateKey: CryptoKey, payload: unknown, header: Record<string, unknown>) =>
  new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
    .setProtectedHeader({ alg: 'Ed25519', ...header })
    .sign(privateKey)

describe('a statement', () => {
  test('is a JWS that any library verifies', async () => {
    const { privateKey, x } = await newKey()
    const jws = await signStatement(statement, privateKey, x)
    expect(await verifyStatement(jws, x)).toEqual(statement)
    const key = await importJWK({ kty: 'OKP', crv: 'Ed25519', x, alg: 'Ed25519' })
    const { payload, protectedHeader } = await compactVerify(jws, key, { algorithms: ['Ed25519'] })
    expect(JSON.parse(new TextDecoder().decode(payload))).toEqual(statement)
    expect(protectedHeader).toEqual({ alg: 'Ed25519', kid: statementKid(x) })
  })

  test('names its key by the thumbprint of RFC 8037, appendix A.3', () => {
    expect(statementKid('11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo')).toBe(
      'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
    )
  })

  test('of another key is refused', async () => {
    const [mine, other] = [await newKey(), await newKey()]
    const jws = await signStatement(statement, other.privateKey, other.x)
    await expect(verifyStatement(jws, mine.x)).rejects.toThrow('another key')
    const posing = await signStatement(statement, other.privateKey, mine.x)
    await expect(verifyStatement(posing, mine.x)).rejects.toThrow('its signature is wrong')
    // The last letter carries four bits that decoders ignore.
    const next: Record<string, string> = { A: 'B', Q: 'R', g: 'h', w: 'x' }
    const respelled = jws.replace(/.$/, end => next[end] ?? '?')
    await expect(verifyStatement(respelled, other.x)).rejects.toThrow('not base64url')
  })

  test('is refused unless it has just its names, and each of its type', async () => {
    const { privateKey, x } = await newKey()
    const kid = statementKid(x)
    const { iat: _, ...without } = statement
    const payloads = [
      null,
      [],
      'x',
      without,
      { ...statement, extra: 1 },
      { ...statement, iat: '1' },
      { ...statement, iat: 1.5 },
      { ...statement, size: -1 },
      { ...statement, c: 7 },
      { ...statement, root: hash.slice(1) },
      { ...statement, head_leaf: `${hash}=` },
    ]
    for (const payload of payloads) {
      const jws = await forge(privateKey, payload, { kid })
      await expect(verifyStatement(jws, x), JSON.stringify(payload)).rejects.toThrow(StatementError)
      expect(() => readStatement(jws)).toThrow(StatementError)
    }
    await expect(verifyStatement(await forge(privateKey, statement, {}), x)).rejects.toThrow('header')
    for (const text of ['', '.', '..', 'a.b.c', 'a.b']) {
      expect(() => readStatement(text)).toThrow(StatementError)
      expect(() => readKid(text)).toThrow(StatementError)
    }
    // @ts-expect-error a caller without types
    await expect(signStatement(without, privateKey, x)).rejects.toThrow(StatementError)
  })
})
