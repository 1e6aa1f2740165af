/** SSRF guard, first part: names that always mean this machine or network (RFC 6761, 6762, 8375, and what routers and clusters make up). */
const HERE = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|home\.arpa|localdomain|svc)$/
/** Whatever a browser takes for a number: dotted, hexadecimal, octal or one long one; and all of IPv6. */
const NUMERIC = /^(\[.*\]|[0-9.]+|0x[0-9a-f.x]*)$/i
const MAX = 500

/** Why an endpoint can't be used; null if it can. What its name resolves to is looked at when something is sent. */
export const endpointProblem = (text: string): 'not_https' | 'not_public' | 'not_a_url' | null => {
  if (text.length > MAX || !URL.canParse(text)) return 'not_a_url'
  const { protocol, hostname, username, password, hash } = new URL(text)
  if (protocol !== 'https:') return 'not_https'
  if (username !== '' || password !== '' || hash !== '') return 'not_a_url'
  const name = hostname.replace(/\.+$/, '')
  return NUMERIC.test(name) || HERE.test(name) || !name.includes('.') ? 'not_public' : null
}
