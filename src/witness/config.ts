import { PolicyError, type PolicyWitness, parsePolicy, type TrustPolicy } from '../log/trust.ts'

/** A witness that can be asked. */
export interface Asked extends PolicyWitness {
  /** Submission prefix of C2SP tlog-witness, without a slash at its end. */
  readonly url: string
}
export interface WitnessConfig {
  readonly witnesses: readonly Asked[]
  /** The same witnesses and their quorum, as published to verifiers; no logs yet, and no addresses. */
  readonly policy: TrustPolicy
}

/** Reads a C2SP tlog-policy without `log` lines, in which every witness has a URL. Throws a PolicyError. */
export const readWitnesses = (text: string): WitnessConfig => {
  const { logs, witnesses, ...rest } = parsePolicy(text)
  if (logs.length > 0) throw new PolicyError(0, 'the log writes its own log lines')
  return {
    witnesses: witnesses.map(withUrl),
    // Addresses of witnesses may be private.
    policy: { ...rest, logs, witnesses: witnesses.map(({ name, key }) => ({ name, key })) },
  }
}

const withUrl = ({ name, key, url }: PolicyWitness): Asked => {
  if (url === undefined || !isHttp(url)) throw new PolicyError(0, `the witness ${name} has no http URL`)
  return { name, key, url: url.replace(/\/+$/, '') }
}

const isHttp = (url: string): boolean => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
