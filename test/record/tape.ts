// Recorder, part 4: every request with its answer, in order, as text.
import { createHash } from 'node:crypto'
import type { RecordedServer } from './server.ts'

const LARGE = 1500
/** Not compared: the time at which a static file was checked out, and ids of requests, of which each poll for a checkpoint takes one. */
const SAYS_NOTHING = ['last-modified', 'x-request-id']

export interface Taped {
  status: number
  text: string
  headers: Headers
}

/** Writes what is asked and answered; a large body is written once and then named by its hash. */
export class Tape {
  readonly lines: string[] = []
  readonly #server: RecordedServer
  #sessions: [string, string][] | null = null
  constructor(server: RecordedServer, sessions: [string, string][] | null = null) {
    this.#server = server
    this.#sessions = sessions
  }

  async send(path: string, init: RequestInit = {}): Promise<Taped> {
    const response = await this.#server.fetch(path, init)
    const bytes = new Uint8Array(await response.arrayBuffer())
    const isText = /text|json|javascript|xml|problem/.test(response.headers.get('content-type') ?? 'text')
    const text = isText ? new TextDecoder().decode(bytes) : createHash('sha256').update(bytes).digest('hex')
    const asked =
      typeof init.body === 'string' ? ` ${init.body.length > LARGE ? `${init.body.slice(0, 80)}…` : init.body}` : ''
    this.lines.push(
      `> ${init.method ?? 'GET'} ${path} ${JSON.stringify(init.headers ?? {})}${asked}`,
      `< ${response.status}`,
    )
    for (const [name, value] of response.headers)
      if (!SAYS_NOTHING.includes(name)) this.lines.push(`< ${name}: ${value}`)
    this.lines.push(text.replaceAll('><', '>\n<'), '')
    return { status: response.status, text, headers: response.headers }
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Taped> {
    return this.send(path, { headers })
  }
  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Taped> {
    const sent = typeof body === 'string' ? body : JSON.stringify(body)
    return this.send(path, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: sent })
  }
  form(path: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Taped> {
    const own = {
      'Content-Type': 'application/x-www-form-urlencoded',
      Accept: 'text/html',
      Origin: 'https://t.tousu.example',
      'Sec-Fetch-Site': 'same-origin',
    }
    return this.send(path, {
      method: 'POST',
      headers: { ...own, ...headers },
      body: new URLSearchParams(fields).toString(),
    })
  }

  /** Evidence with a file, as a page without JavaScript posts it; the boundary is chance too, so it is written here. */
  upload(path: string, text: string, file: Uint8Array | string): Promise<Taped> {
    const head = `--edge\r\nContent-Disposition: form-data; name="text"\r\n\r\n${text}\r\n--edge\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n`
    const body = Buffer.concat([Buffer.from(head), Buffer.from(file), Buffer.from('\r\n--edge--\r\n')])
    const headers = {
      'Content-Type': 'multipart/form-data; boundary=edge',
      Accept: 'text/html',
      Origin: 'https://t.tousu.example',
    }
    return this.send(path, { method: 'POST', headers, body })
  }

  async advance(hours: number): Promise<void> {
    await this.#server.advance(hours)
    await this.settled()
    this.lines.push(`# ${hours} hours later`, '')
  }

  /** Waits until the newest checkpoint stays as it is: signing runs beside the answers. */
  async settled(): Promise<void> {
    let [before, times] = ['', 0]
    while (times < 3) {
      await new Promise(resolve => setTimeout(resolve, 3))
      const now = await (await this.#server.fetch('/log/0/checkpoint')).text()
      times = now === before ? times + 1 : 0
      before = now
    }
  }

  /** A clerk, an officer and a supervisor, signed in by the demo's role chooser. */
  async sessions(): Promise<[string, string][]> {
    if (this.#sessions) return this.#sessions
    const found: [string, string][] = []
    for (const role of ['merchant', 'platform', 'supervisor']) {
      const { headers } = await this.form('/demo/signin', { role })
      found.push([role, (headers.getSetCookie().at(-1) ?? '').split(';')[0] ?? ''])
    }
    this.#sessions = found
    return found
  }
}
