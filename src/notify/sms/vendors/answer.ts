import type { Sent } from '../provider.ts'

export type Fetch = (url: string, init: RequestInit) => Promise<Response>
type Unavailable = Extract<Sent, { status: 'unavailable' }>

/** Far more than any vendor answers. */
const MAX_BYTES = 65_536

/**
 * Asks a vendor. Follows no redirect, which would hand number and credentials to somebody else. Never rejects: what
 * fails on the way is `unavailable`. `body` is the answer's JSON, undefined where it is none.
 */
export const ask = async (
  fetch: Fetch,
  url: string,
  init: RequestInit,
): Promise<{ status: number; body: unknown } | Unavailable> => {
  try {
    // `error` would be clearer, and workerd does not have it.
    const response = await fetch(url, { ...init, method: 'POST', redirect: 'manual' })
    const { status } = response
    if (response.type === 'opaqueredirect' || (status >= 300 && status < 400)) return unavailable('redirect')
    return { status, body: parse(await limited(response)) }
  } catch {
    return unavailable(init.signal?.aborted ? 'timeout' : 'network')
  }
}

export const unavailable = (reason: string): Unavailable => ({ status: 'unavailable', reason })

const limited = async (response: Response): Promise<string> => {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of chunksOf(response)) {
    text += decoder.decode(chunk, { stream: true })
    if (text.length > MAX_BYTES) return ''
  }
  return text + decoder.decode()
}

/** Leaving the loop early cancels the rest. */
async function* chunksOf({ body }: Response): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader()
  try {
    for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) yield next.value
  } finally {
    await reader?.cancel().catch(() => undefined)
  }
}

/** Undefined for what is not JSON. */
const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A vendor's code as it may stand in a log; whatever could be a number or a text is left out. */
export const plainCode = (code: string | number): string => {
  const text = String(code)
  return /^[A-Za-z0-9_.:-]{1,64}$/.test(text) && !/\d{7}/.test(text) ? text : 'unknown'
}
