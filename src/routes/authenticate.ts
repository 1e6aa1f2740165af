import { bytesToHex } from '@noble/hashes/utils.js'
import type { Context } from 'hono'
import { sha256 } from '#sha256'
import type { Credential } from '../ledger/contract/registry.ts'
import { utf8 } from '../log/encoding.ts'
import { type Deps, registryLedger } from './deps.ts'
import { Problem } from './problem.ts'

export const hashKey = (key: string): string => bytesToHex(sha256(utf8(key)))

// Its header is JSON, so it begins with {" in base64url.
const JWT = /^eyJ[\w-]*\.[\w-]+\.[\w-]*$/

/** Who calls the API: the holder of a key, or a JWT of the platform's identity provider. Throws 401. */
export const authenticate = async (c: Context, deps: Deps): Promise<Credential & { id: string }> => {
  const bearer = /^Bearer ([\x21-\x7e]{8,4096})$/i.exec(c.req.header('authorization') ?? '')?.[1]
  if (!bearer) throw new Problem('unauthorized')
  const hash = hashKey(bearer)
  const credential = JWT.test(bearer)
    ? await deps.identify?.(bearer)
    : await registryLedger(deps).registry.credential(hash)
  if (!credential) throw new Problem('unauthorized')
  return { ...credential, id: JWT.test(bearer) ? credential.name : hash }
}
