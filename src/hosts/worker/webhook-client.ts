import type { WebhookClient } from '../../notify/webhooks/poster.ts'

/**
 * Posts from a Worker. It stands in no private network, and `global_fetch_strictly_public` (wrangler.toml) lets it
 * reach only what anybody on the Internet reaches, by name, so there is no address of the house's to be led to.
 */
export const workerWebhookClient: WebhookClient = {
  post: async (url, headers, body, signal) => {
    try {
      const response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' })
      await response.body?.cancel()
      return { status: response.status }
    } catch {
      return { failed: signal.aborted ? 'timeout' : 'unreachable' }
    }
  },
}
