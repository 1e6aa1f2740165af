// A time-stamping authority (RFC 3161) of openssl behind an HTTP server, for tests.

import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'

const CONFIG = `
[ req ]
distinguished_name = name
prompt = no
[ name ]
CN = authority of a test
[ ca ]
basicConstraints = critical, CA:true
[ stamping ]
basicConstraints = CA:false
extendedKeyUsage = critical, timeStamping
[ wrong ]
extendedKeyUsage = serverAuth
[ tsa ]
default_tsa = own
[ own ]
serial = serial
default_policy = 1.2.3.4.1
signer_digest = sha256
digests = sha256
ess_cert_id_alg = sha256
`

type Key = 'ec' | 'rsa'
const NEW_KEY = { ec: ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'], rsa: ['-newkey', 'rsa:2048'] }

/** Answers each query by `openssl ts -reply`; `mood` is what it answers in its place. */
export class TestAuthority {
  readonly folder = mkdtempSync(join(tmpdir(), 'tousu-tsa-'))
  /** Certificate of its root, for who checks its tokens. */
  readonly root = join(this.folder, 'root.pem')
  url = ''
  asked = 0
  /** Its clock, UTC ms; the machine's by default. */
  now: (() => number) | null = null
  mood: 'well' | 'silent' | 'failing' | 'lying' = 'well'
  readonly #server = createServer((request, response) => {
    this.asked++
    if (this.mood === 'silent') return
    void this.#answer(request).then(
      reply => response.writeHead(this.mood === 'failing' ? 503 : 200).end(reply),
      () => response.writeHead(500).end(),
    )
  })

  static async start(key: Key = 'ec'): Promise<TestAuthority> {
    const authority = new TestAuthority(key)
    await new Promise<void>(resolve => authority.#server.listen(0, '127.0.0.1', resolve))
    authority.url = `http://127.0.0.1:${(authority.#server.address() as AddressInfo).port}/tsa`
    return authority
  }

  private constructor(key: Key) {
    writeFileSync(join(this.folder, 'openssl.cnf'), CONFIG)
    const request = ['req', '-x509', '-config', 'openssl.cnf', '-nodes', '-days', '3650']
    this.openssl(...request, ...NEW_KEY[key], '-extensions', 'ca', '-keyout', 'root.key', '-out', 'root.pem')
    for (const use of ['stamping', 'wrong']) {
      const own = ['-subj', `/CN=${use}`, '-extensions', use, '-keyout', `${use}.key`, '-out', `${use}.pem`]
      this.openssl(...request, ...NEW_KEY[key], ...own, '-CA', 'root.pem', '-CAkey', 'root.key')
    }
  }

  openssl(...args: string[]): string {
    return execFileSync('openssl', args, { cwd: this.folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  }

  async #answer(request: IncomingMessage): Promise<Buffer> {
    const query = await buffer(request)
    // Over another hash than it was asked about.
    if (this.mood === 'lying') query[query.length - 4] = (query.at(-4) ?? 0) ^ 1
    const file = join(this.folder, `${this.asked}.tsq`)
    writeFileSync(file, query)
    if (this.now !== null) return this.stamp(query, this.now())
    const child = spawn(
      'openssl',
      [
        'ts',
        '-reply',
        '-config',
        'openssl.cnf',
        '-queryfile',
        file,
        '-signer',
        'stamping.pem',
        '-inkey',
        'stamping.key',
      ],
      { cwd: this.folder, stdio: ['ignore', 'pipe', 'ignore'] },
    )
    return buffer(child.stdout)
  }

  /** A token of another time: `ts -reply` takes the machine's alone, so a TSTInfo is signed by `cms -sign`. */
  stamp(query: Uint8Array, at: number, signer: 'stamping' | 'wrong' = 'stamping'): Buffer {
    const time = new Date(at).toISOString().replace(/[-:T]|\.\d+/g, '')
    const sha256 = der(0x30, der(6, '608648016503040201'), der(5))
    const imprint = der(0x30, sha256, der(4, Buffer.from(query.subarray(-35, -3))))
    const clock = der(0x18, Buffer.from(time))
    const info = der(0x30, der(2, '01'), der(6, '2a030401'), imprint, der(2, '07'), clock)
    writeFileSync(join(this.folder, 'info.der'), info)
    const sign = [
      'cms',
      '-sign',
      '-binary',
      '-nodetach',
      '-cades',
      '-md',
      'sha256',
      '-outform',
      'DER',
      '-in',
      'info.der',
    ]
    const as = ['-econtent_type', '1.2.840.113549.1.9.16.1.4', '-signer', `${signer}.pem`, '-inkey', `${signer}.key`]
    const token = execFileSync('openssl', [...sign, ...as], { cwd: this.folder, stdio: ['ignore', 'pipe', 'ignore'] })
    return der(0x30, der(0x30, der(2, '00')), token)
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise(resolve => this.#server.close(resolve))
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** A value of DER; texts are hexadecimal. */
const der = (tag: number, ...parts: readonly (Buffer | string)[]): Buffer => {
  const content = Buffer.concat(parts.map(part => (typeof part === 'string' ? Buffer.from(part, 'hex') : part)))
  const { length } = content
  const octets = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...octets]), content])
}
