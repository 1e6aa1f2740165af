// What all routes need, made from a host's parts and the settings; the same on Node and on Cloudflare.

import { createRemoteJWKSet } from 'jose'
import { identityReader } from '../auth/access-token.ts'
import { oidcClient } from '../auth/oidc.ts'
import { openOrderTickets } from '../auth/order-ticket.ts'
import { reportReaders } from '../notify/sms/vendors/reports.ts'
import type { Deps } from '../routes/deps.ts'
import { type AppSettings, buyerDeps, type HostParts } from './buyer-deps.ts'

/** The dependencies of the routes. Does no input or output: a provider's keys are fetched when they are first needed. */
export const createDeps = (parts: HostParts, settings: AppSettings): Deps =>
  withAccess(buyerDeps(parts, settings), settings)

/** The same with the ways in for all others: tickets, sign-in, access tokens, and the reports of SMS vendors. */
export const withAccess = (deps: Deps, { secrets, sms, identity, oidc, tickets }: AppSettings): Deps => {
  const { baseUrl, clock, demo } = deps
  return {
    ...deps,
    smsReports: sms && reportReaders(sms, { baseUrl, tags: secrets.tags }),
    identify: identity && identityReader(identity, createRemoteJWKSet(new URL(identity.jwksUri))),
    oidc: oidc && oidcClient(oidc, baseUrl, secrets.tags),
    tickets: openOrderTickets({ demo, tickets, baseUrl, secret: secrets.tags, clock }),
  }
}
