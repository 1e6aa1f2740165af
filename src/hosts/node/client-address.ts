// The address of a client on Node: of its socket, or what a trusted reverse proxy says of it (X-Forwarded-For).

import { BlockList, isIP, isIPv6 } from 'node:net'
import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'

const familyOf = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4')

/** `networks` as `TOUSU_TRUSTED_PROXIES` names them: addresses and CIDR blocks. */
const blockList = (networks: readonly string[]): BlockList => {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    if (bits === undefined) list.addAddress(address, familyOf(address))
    else list.addSubnet(address, Number(bits), familyOf(address))
  }
  return list
}

/**
 * Spoofing: X-Forwarded-For counts from its end, and only as far as trusted proxies wrote it: its left part is the client's own
 * invention. Undefined where a trusted proxy forwards no address; then a request is counted among all alone.
 */
export const nodeClientAddress = (trusted: readonly string[]) => {
  const proxies = blockList(trusted)
  const isTrusted = (address: string): boolean => proxies.check(address, familyOf(address))
  return (c: Context): string | undefined => {
    // Cast: absent where a test calls the app without a server.
    const { incoming } = (c.env ?? {}) as Partial<HttpBindings>
    const peer = incoming?.socket.remoteAddress?.replace(/^::ffff:/i, '')
    if (peer === undefined || !isTrusted(peer)) return peer
    const chain = (c.req.header('x-forwarded-for') ?? '').split(',').map(each => each.trim())
    const client = chain.findLast(address => !(isIP(address) && isTrusted(address))) ?? chain[0] ?? ''
    return isIP(client) ? client : undefined
  }
}
