import { equalBytes, utf8 } from '../log/encoding.ts'

/** Constant-time comparison (timing side channel): how long it takes does not show where a secret and a guess differ. */
export const equalSecrets = (a: string, b: string): boolean => equalBytes(utf8(a), utf8(b))
