/** What came back; `word` says why nothing did, and goes no further than the page of deliveries. */
export type Posted = { status: number } | { failed: 'refused_address' | 'unreachable' | 'timeout' }

/** Reaches an endpoint that a merchant named, and never the house's own network. */
export interface WebhookClient {
  /**
   * Posts once. Follows no redirect. Refuses private, loopback and link-local addresses after the name was resolved, and
   * connects to the address that it looked at, so that a name which changes its mind in between gains nothing. Reads
   * nothing of the answer but its status. Never throws.
   */
  post(url: string, headers: Readonly<Record<string, string>>, body: string, signal: AbortSignal): Promise<Posted>
}
