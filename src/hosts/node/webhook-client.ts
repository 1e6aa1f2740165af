import { lookup } from 'node:dns/promises'
import { request as http } from 'node:http'
import { request as https } from 'node:https'
import { BlockList, isIPv4, isIPv6, type LookupFunction } from 'node:net'
import type { Posted, WebhookClient } from '../../notify/webhooks/deliver.ts'

// SSRF guard: the IANA special-purpose address registries (RFC 6890), all that is not globally reachable.
const V4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...['224.0.0.0/4', '240.0.0.0/4'],
]
/** Of IPv6 only global unicast is public, without the ranges that embed an IPv4 address or serve documentation. */
const V6_PUBLIC = '2000::/3'
const V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20', '3ffe::/16']

const listOf = (subnets: readonly string[], family: 'ipv4' | 'ipv6'): BlockList => {
  const list = new BlockList()
  for (const subnet of subnets) {
    const [net = '', prefix] = subnet.split('/')
    list.addSubnet(net, Number(prefix), family)
  }
  return list
}
const [v4, v6, v6Public] = [listOf(V4, 'ipv4'), listOf(V6, 'ipv6'), listOf([V6_PUBLIC], 'ipv6')]

/** Whether an address is public: not this machine, not a private network, not link-local. */
export const isPublic = (address: string): boolean =>
  isIPv6(address)
    ? v6Public.check(address, 'ipv6') && !v6.check(address, 'ipv6')
    : isIPv4(address) && !v4.check(address, 'ipv4')

const loopback = listOf(['127.0.0.0/8'], 'ipv4')
/** Whether an address is this machine's own. */
export const isLoopback = (address: string): boolean =>
  isIPv6(address) ? address === '::1' : isIPv4(address) && loopback.check(address, 'ipv4')

class RefusedAddress extends Error {}

interface NodePosterOptions {
  /** All addresses of a name. */
  resolve?: (name: string) => Promise<{ address: string; family: number }[]>
  allow?: (address: string) => boolean
}

/**
 * Posts from Node. DNS rebinding: the addresses are checked in the connection's own look-up, so the socket connects to an
 * address that was checked.
 */
export const nodeWebhookClient = (options: NodePosterOptions = {}): WebhookClient => {
  const { resolve = name => lookup(name, { all: true }), allow = isPublic } = options
  const checked: LookupFunction = (name, { all }, answer) => {
    resolve(name).then(
      found => {
        const [first] = found
        // Reject the host if any address is not public: we don't choose which one the socket uses.
        if (!first || !found.every(({ address }) => allow(address))) return answer(new RefusedAddress(), '', 0)
        return all ? answer(null, found) : answer(null, first.address, first.family)
      },
      error => answer(error, '', 0),
    )
  }
  return { post: (url, headers, body, signal) => send(new URL(url), { headers, body, signal, lookup: checked, allow }) }
}

interface PostOptions {
  headers: Readonly<Record<string, string>>
  body: string
  signal: AbortSignal
  lookup: LookupFunction
  allow: (address: string) => boolean
}

const send = (url: URL, { headers, body, signal, lookup, allow }: PostOptions): Promise<Posted> => {
  // A literal address needs no look-up, so it is checked here.
  const literal = /^(\[.*\]|[\d.]+)$/.test(url.hostname) ? url.hostname.replace(/^\[|\]$/g, '') : null
  if (literal !== null && !allow(literal)) return Promise.resolve({ failed: 'refused_address' })
  return new Promise(resolve => {
    const open = url.protocol === 'https:' ? https : http
    const length = Buffer.byteLength(body)
    const options = { method: 'POST', headers: { ...headers, 'Content-Length': length }, lookup, signal, agent: false }
    const request = open(url, options, response => {
      resolve({ status: response.statusCode ?? 0 })
      response.destroy()
    })
    request.on('error', error => resolve({ failed: reasonOf(error, signal) }))
    request.end(body)
  })
}

const reasonOf = (error: Error, signal: AbortSignal) => {
  if (error instanceof RefusedAddress) return 'refused_address'
  return signal.aborted ? 'timeout' : 'unreachable'
}
