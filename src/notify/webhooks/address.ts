/** SSRF guard, first part: names that always mean this machine or network (RFC 6761, 6762, 8375, and what routers and clusters make up). */
const HERE = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|home\.arpa|localdomain|svc)$/
/** Whatever a browser takes for a number: dotted, hexadecimal, octal or one long one; and all of IPv6. */
const NUMERIC = /^(\[.*\]|[0-9.]+|0x[0-9a-f.x]*)$/i
/** This machine (RFC 1122, RFC 4291, RFC 6761). A URL writes every spelling of the IPv4 ones with dots. */
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/
const MAX = 500

export const isLoopbackHost = (hostname: string): boolean => LOOPBACK.test(hostname)

/**
 * Why an endpoint can't be used; null if it can. What its name resolves to is looked at when something is sent. With `loopback`
 * http and https addresses of this machine can be used too, as a demo's that is itself reached by one.
 */
export const endpointProblem = (
  text: string,
  { loopback = false } = {},
): 'not_https' | 'not_public' | 'not_a_url' | null => {
  if (text.length > MAX || !URL.canParse(text)) return 'not_a_url'
  const { protocol, hostname, username, password, hash } = new URL(text)
  const here = loopback && isLoopbackHost(hostname)
  if (protocol !== 'https:' && !(here && protocol === 'http:')) return 'not_https'
  if (username !== '' || password !== '' || hash !== '') return 'not_a_url'
  if (here) return null
  const name = hostname.replace(/\.+$/, '')
  return NUMERIC.test(name) || HERE.test(name) || !name.includes('.') ? 'not_public' : null
}
