// What all routes need, made from a host's parts and the settings; the same on Node and on Cloudflare.

import { createRemoteJWKSet } from 'jose'
import { identityReader, oidcClient } from '../auth/oidc.ts'
import { openOrderTickets } from '../auth/order-ticket.ts'
import { policyNames, shippedPolicy } from '../config/schema.ts'
import { MESSAGES } from '../i18n/languages.ts'
import { readPolicy } from '../ledger/log/read-policy.ts'
import { reportReaders } from '../notify/sms/vendors/reports.ts'
import type { Deps, OperatorFacts } from '../routes/deps.ts'
import { readWitnesses } from '../witness/submit.ts'
import { type AppSettings, buyerDeps, type HostParts } from './buyer-deps.ts'

/** The dependencies of the routes. Does no input or output: a provider's keys are fetched when they are first needed. */
export const createDeps = (parts: HostParts, settings: AppSettings): Deps =>
  withAccess(buyerDeps(parts, settings, MESSAGES), settings)

/** The same with the ways in for all others: tickets, sign-in, access tokens, and the reports of SMS vendors. */
export const withAccess = (deps: Deps, settings: AppSettings): Deps => {
  const { secrets, sms, identity, oidc, tickets } = settings
  const { baseUrl, clock, demo } = deps
  return {
    ...deps,
    operator: operatorFacts(settings),
    smsReports: sms && reportReaders(sms, { baseUrl, tags: secrets.tags }),
    identify: identity && identityReader(identity, createRemoteJWKSet(new URL(identity.jwksUri))),
    oidc: oidc && oidcClient(oidc, baseUrl, secrets.tags),
    tickets: openOrderTickets({ demo, tickets, baseUrl, secret: secrets.tags, clock }),
  }
}

/** The version of CHANGELOG.md and package.json; a test compares it. */
export const VERSION = '0.2.0'

const operatorFacts = ({ policy, sms, witnesses, tsa, oidc }: AppSettings): OperatorFacts => ({
  version: VERSION,
  policy: readPolicy(policy).policy,
  shipped: { names: policyNames, document: shippedPolicy },
  vendors: sms?.vendors.map(({ vendor }) => vendor) ?? [],
  witnesses: witnesses === undefined ? null : witnessFacts(witnesses),
  tsa: hostIn(tsa),
  signIn: hostIn(oidc?.issuer),
})

const witnessFacts = (text: string): OperatorFacts['witnesses'] => {
  const { policy } = readWitnesses(text)
  return { names: policy.witnesses.map(({ key }) => key.name), quorum: policy.quorum }
}

/** Without path and query, which may hold a token. */
const hostIn = (url: string | undefined): string | null => (url === undefined ? null : new URL(url).host)
