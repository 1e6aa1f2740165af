interface Cookie {
  value: string
  attributes: string
}

/** A browser between our server and the provider: it keeps cookies by host and follows redirects when told. */
export class Traveller {
  readonly #here: (path: string, init?: RequestInit) => Promise<Response>
  readonly jar = new Map<string, Cookie>()
  constructor(here: (path: string, init?: RequestInit) => Promise<Response>) {
    this.#here = here
  }

  /** A path is ours, a whole address is anybody's. */
  async go(to: string, init: RequestInit = {}): Promise<Response> {
    const url = new URL(to, 'https://t.tousu.example')
    const ours = url.host === 't.tousu.example'
    const headers = { Accept: 'text/html', Cookie: this.#cookiesFor(url.host), ...init.headers }
    const asked = { redirect: 'manual', ...init, headers } as const
    const answer = ours ? await this.#here(url.pathname + url.search, asked) : await fetch(url, asked)
    for (const line of answer.headers.getSetCookie()) this.#keep(url.host, line)
    return answer
  }

  post(to: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
    return this.go(to, {
      method: 'POST',
      body: new URLSearchParams(fields).toString(),
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
    })
  }

  cookie(name: string): Cookie | undefined {
    return this.jar.get(`t.tousu.example ${name}`)
  }

  /** Of the cookies that our server gave. */
  names(): string[] {
    return [...this.jar.keys()].flatMap(key => (key.startsWith('t.tousu.example ') ? [key.slice(16)] : []))
  }

  #cookiesFor(host: string): string {
    return [...this.jar]
      .filter(([key]) => key.startsWith(`${host} `))
      .map(([key, { value }]) => `${key.slice(host.length + 1)}=${value}`)
      .join('; ')
  }

  #keep(host: string, line: string): void {
    const [pair = '', ...rest] = line.split(';')
    const name = pair.slice(0, pair.indexOf('='))
    const attributes = rest.join(';')
    if (/max-age=0|expires=thu, 01 jan 1970/i.test(attributes)) this.jar.delete(`${host} ${name}`)
    else this.jar.set(`${host} ${name}`, { value: pair.slice(name.length + 1), attributes })
  }
}

const locationOf = (answer: Response, from: string): string => new URL(answer.headers.get('location') ?? '', from).href

/** Signs in at the provider's own pages and comes to the door of our callback, but not through it. */
export const toCallback = async (traveller: Traveller, login: string, to = ''): Promise<string> => {
  const begun = await traveller.go(`/signin/start${to && `?to=${encodeURIComponent(to)}`}`)
  let at = locationOf(begun, 'https://t.tousu.example')
  for (let steps = 0; steps < 12 && !at.startsWith('https://t.tousu.example/signin/callback'); steps++) {
    const answer = await traveller.go(at)
    const next = answer.status === 200 ? await submit(traveller, at, await answer.text(), login) : answer
    at = locationOf(next, at)
  }
  return at
}

const submit = (traveller: Traveller, at: string, page: string, login: string): Promise<Response> => {
  const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1] ?? ''
  return traveller.post(at, prompt === 'login' ? { prompt, login, password: 'x' } : { prompt })
}
