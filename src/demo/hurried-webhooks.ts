import type { Posted, WebhookClient } from '../notify/webhooks/deliver.ts'

/** While the clock is being moved, an endpoint may hold it up for so long, once. */
const HURRY_MS = 1000

/**
 * Webhooks of a demo whose clock is moved. Every retry of the days that pass falls due within seconds: an endpoint that can't be
 * reached is asked once in a move, and its later tries fail at once. It waits for no time-out of the network.
 */
export const hurriedWebhooks = (client: WebhookClient) => {
  /** By URL, how its first try of this move failed; null while the clock stands by itself. */
  let failures: Map<string, Posted> | null = null
  const poster: WebhookClient = {
    post: async (url, headers, body, signal) => {
      if (failures === null) return client.post(url, headers, body, signal)
      const known = failures.get(url)
      if (known) return known
      const hurry = new Promise<Posted>(resolve => setTimeout(resolve, HURRY_MS, { failed: 'timeout' }))
      const posted = await Promise.race([client.post(url, headers, body, signal), hurry])
      if ('failed' in posted) failures.set(url, posted)
      return posted
    },
  }
  /** Runs a move of the clock. */
  const whileMoving = async (move: () => Promise<void>): Promise<void> => {
    failures = new Map()
    try {
      await move()
    } finally {
      failures = null
    }
  }
  return { poster, whileMoving }
}
