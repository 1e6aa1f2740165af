import type { Ledger } from '../ledger/contract/ledger.ts'
import { deliverDue } from '../notify/sms/deliver.ts'
import type { SmsProvider } from '../notify/sms/provider.ts'
import type { Unrecorded } from '../notify/sms/send-batch.ts'
import { deliverHooks, type WebhookClient } from '../notify/webhooks/deliver.ts'
import type { AppSettings, Clock } from './buyer-deps.ts'

/** Delivery: sends the due messages of one ledger and answers how many it took. After `signal` aborts it begins no other. */
type Deliver = (ledger: Ledger, signal?: AbortSignal) => Promise<number>

/** SMS and webhooks, apart, so that a slow endpoint delays no SMS. Without a provider SMS wait in the outbox. */
export const createDeliveries = (
  { provider, poster, clock }: { provider: SmsProvider | null | undefined; poster: WebhookClient; clock: Clock },
  { baseUrl, secrets, sms, smsLanes: lanes }: Pick<AppSettings, 'baseUrl' | 'secrets' | 'sms' | 'smsLanes'>,
): { sms: Deliver; webhooks: Deliver } => {
  const unrecorded: Unrecorded = new Map()
  const links = { links: secrets.links, pickupSecret: secrets.tags, baseUrl, mode: sms?.mode }
  return {
    sms: async (ledger, signal) =>
      provider ? deliverDue({ ledger, provider, clock, signal, unrecorded, lanes, ...links }) : 0,
    webhooks: ledger => deliverHooks({ ledger, poster, clock, secret: secrets.tags, baseUrl }),
  }
}
