import type { WebhookClient } from '../../notify/webhooks/deliver.ts'

/**
 * SSRF guard: a Worker is in no private network, and `global_fetch_strictly_public` (wrangler.toml) limits fetch to
 * public addresses. Redirects are not followed.
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
