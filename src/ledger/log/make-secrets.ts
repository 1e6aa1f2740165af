import { toBase64url } from '../../log/encoding.ts'

/** An Ed25519 pair as JWK (RFC 8037): `d` is the private half, `x` the public one. */
export interface Jwk {
  kty: 'OKP'
  crv: 'Ed25519'
  x: string
  d: string
}
/** What `readSecrets` reads. To change a signing key, its place takes a list: the new one first. */
export interface SecretsFile {
  v: 1
  links: string[]
  tags: string
  note: Jwk
  statement: Jwk
}

export const newJwk = async (): Promise<Jwk> => {
  const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])
  if (!('privateKey' in pair)) throw new TypeError('no Ed25519 in this runtime')
  const { x = '', d = '' } = await crypto.subtle.exportKey('jwk', pair.privateKey)
  return { kty: 'OKP', crv: 'Ed25519', x, d }
}

/** New random secrets, to be kept in a file or a secret store. */
export const makeSecrets = async (): Promise<SecretsFile> => {
  const random = () => toBase64url(crypto.getRandomValues(new Uint8Array(32)))
  return { v: 1, links: [random()], tags: random(), note: await newJwk(), statement: await newJwk() }
}
