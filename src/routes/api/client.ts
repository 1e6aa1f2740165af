// A typed client in one file without dependencies, written from openapi.json: `GET /api/v1/client.ts`. States, kinds, grounds and
// the fields of every body are closed types, so that a misspelt one does not compile.

type Json = Readonly<Record<string, unknown>>

const record = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? // Cast: an object that is no list is read by its names.
      (value as Json)
    : {}
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

const LITERALS: Readonly<Record<string, string>> = {
  string: 'string',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  null: 'null',
}

/** A JSON Schema (2020-12) as a TypeScript type; what it has no word for is `unknown`. */
export const typeOf = (schema: unknown): string => {
  const { $ref, const: literal, enum: values, allOf, anyOf, oneOf, type, items, format } = record(schema)
  if (typeof $ref === 'string') return $ref.replace(/^.*\//, '')
  if (literal !== undefined) return JSON.stringify(literal)
  if (Array.isArray(values)) return values.map(value => JSON.stringify(value)).join(' | ')
  if (Array.isArray(allOf)) return allOf.map(part => `(${typeOf(part)})`).join(' & ')
  const either = list(anyOf ?? oneOf)
  if (either.length > 0) return [...new Set(either.map(typeOf))].map(part => `(${part})`).join(' | ')
  if (type === 'array') return `(${items === undefined ? 'unknown' : typeOf(items)})[]`
  if (type === 'object') return objectType(record(schema))
  if (format === 'binary') return 'Blob'
  return (typeof type === 'string' && LITERALS[type]) || 'unknown'
}

const objectType = ({ properties, required, additionalProperties }: Json): string => {
  const needed = list(required)
  const fields = Object.entries(record(properties)).map(
    ([name, schema]) => `${JSON.stringify(name)}${needed.includes(name) ? '' : '?'}: ${typeOf(schema)}`,
  )
  const more = typeof additionalProperties === 'object' || additionalProperties === true
  const rest = more ? `{ [name: string]: ${fields.length > 0 ? 'unknown' : typeOf(additionalProperties)} }` : null
  if (fields.length === 0) return rest ?? 'Record<string, never>'
  return `{ ${fields.join('; ')} }${rest === null ? '' : ` & ${rest}`}`
}

const jsonOf = (holder: unknown): unknown => record(record(record(holder).content)['application/json']).schema

/** The type of the first answer that is no error. */
const answerOf = (operation: Json): string => {
  const done = Object.entries(record(operation.responses)).find(([status]) => /^2/.test(status))?.[1]
  const schema = jsonOf(done)
  if (schema !== undefined) return typeOf(schema)
  return record(done).content === undefined ? 'void' : 'Blob'
}

const METHOD = /^(get|post|delete)$/

/** One method for each operation that takes an API key: path, query and key in one object, then the body. */
const methodOf = (path: string, method: string, operation: Json): string => {
  const parameters = list(operation.parameters).map(record)
  const named = parameters.filter(({ in: where }) => where !== 'header')
  const headers = parameters.filter(({ in: where }) => where === 'header').map(({ name }) => String(name))
  const keyed = headers.length > 0
  const signed = headers.includes('Tousu-Signature')
  const fields = [
    ...named.map(({ name, required, schema }) => `${name}${required === true ? '' : '?'}: ${typeOf(schema)}`),
  ]
  const given = [
    ...(fields.length > 0 ? [`{ ${fields.join('; ')} }`] : []),
    ...(keyed ? [signed ? 'Of' : "Pick<Of, 'idempotencyKey'>"] : []),
  ].join(' & ')
  const body = jsonOf(operation.requestBody)
  const multipart = record(record(operation.requestBody).content)['multipart/form-data'] !== undefined
  const optional = !named.some(({ required }) => required === true) && body === undefined
  const takes = [
    ...(given === '' ? [] : [`p: ${given}${optional ? ' = {}' : ''}`]),
    ...(body === undefined ? [] : [`body: ${typeOf(body)}${multipart ? ' | FormData' : ''}`]),
  ]
  const address = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => `\${encodeURIComponent(p.${name})}`)
  const query = named.filter(({ in: where }) => where === 'query').map(({ name }) => `${name}: p.${name}`)
  const rest = [
    query.length > 0 ? `{ ${query.join(', ')} }` : '{}',
    keyed ? 'p' : '{}',
    ...(body === undefined ? [] : ['body']),
  ]
  return `  /** ${String(operation.summary ?? '').replaceAll('*/', '')} */
  ${String(operation.operationId)}(${takes.join(', ')}): Promise<${answerOf(operation)}> {
    return this.#call('${method.toUpperCase()}', \`${address}\`, ${rest.join(', ')})
  }`
}

const FRAME = `interface Of {
  /** One key for an act and all its retries: it is then done once. */
  idempotencyKey?: string
  /** Answers \`Tousu-Signature\` for this body, byte for byte, and the act's name (docs/api.md, "Signed by your own key"). */
  sign?: (sent: string, act: string) => string | Promise<string>
}

export class TousuError extends Error {
  readonly problem: Problem
  /** Seconds after which the same may be sent again; null where another try would end the same way. */
  readonly retryAfter: number | null
  constructor(problem: Problem, retryAfter: number | null) {
    super(\`\${problem.code}: \${problem.title}\`)
    this.problem = problem
    this.retryAfter = retryAfter
  }
}

export class Tousu {
  readonly #base: string
  readonly #key: string
  constructor(base: string, key: string) {
    this.#base = base.replace(/\\/$/, '')
    this.#key = key
  }

  async #call<T>(method: string, path: string, query: object, { idempotencyKey, sign }: Of = {}, body?: unknown): Promise<T> {
    const asked = Object.entries(query).filter(([, value]) => value !== undefined)
    const search = asked.length > 0 ? \`?\${new URLSearchParams(asked.map(([name, value]) => [name, String(value)]))}\` : ''
    const form = body instanceof FormData
    const json = form ? JSON.stringify(Object.fromEntries([...body].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value.replaceAll('\\r\\n', '\\n')]] : [])))) : JSON.stringify(body)
    const signature = await sign?.(json, path.slice(path.lastIndexOf('/') + 1))
    const reply = await fetch(this.#base + path + search, {
      method,
      headers: {
        Authorization: \`Bearer \${this.#key}\`,
        ...(idempotencyKey !== undefined && { 'Idempotency-Key': idempotencyKey }),
        ...(body !== undefined && !form && { 'Content-Type': 'application/json' }),
        ...(signature !== undefined && { 'Tousu-Signature': signature }),
      },
      ...(body !== undefined && { body: form ? body : json }),
    })
    const isJson = (reply.headers.get('Content-Type') ?? '').includes('json')
    if (!reply.ok) {
      const after = reply.headers.get('Retry-After')
      const problem = isJson ? await reply.json() : { type: 'about:blank', title: reply.statusText, status: reply.status, code: 'unknown' }
      throw new TousuError(problem as Problem, after === null ? null : Number(after))
    }
    if (reply.status === 204) return undefined as T
    return (isJson ? await reply.json() : await reply.blob()) as T
  }
`

/** `document` is what `/api/v1/openapi.json` answers. */
export const clientOf = (document: object): string => {
  const { components, paths } = record(document)
  const types = Object.entries(record(record(components).schemas)).map(
    ([name, schema]) => `export type ${name} = ${typeOf(schema)}`,
  )
  const methods = Object.entries(record(paths)).flatMap(([path, item]) =>
    Object.entries(record(item)).flatMap(([method, operation]) => {
      const keyed = list(record(operation).security).length > 0
      return METHOD.test(method) && keyed ? [methodOf(path, method, record(operation))] : []
    }),
  )
  return `// Client of the Tousu API, written from its openapi.json. Runs in Node 22.18 and later, Deno, Bun and browsers.\n\n${types.join('\n\n')}\n\n${FRAME}\n${methods.join('\n\n')}\n}\n`
}
