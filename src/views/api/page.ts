// openapi.json as a page: drawn from the document itself, so it says nothing else, and without a script.

import type { Locale } from '../../complaint/words.ts'
import { API_WORDS } from '../../i18n/areas/api.ts'
import type { PageContext } from '../context.ts'
import { type Html, html } from '../html.ts'
import { layout } from '../layout.ts'

type Json = Readonly<Record<string, unknown>>
const record = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? // Cast: an object that is no list is read by its names.
      (value as Json)
    : {}
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** `document` is what `/api/v1/openapi.json` answers. */
export const apiPage = (document: object, page: PageContext): Html => {
  const words = API_WORDS[page.locale]
  const { info, paths, webhooks, components, tags } = record(document)
  const operations = Object.entries(record(paths)).flatMap(([path, item]) =>
    Object.entries(record(item)).map(([method, operation]) => ({ method, path, operation: record(operation) })),
  )
  const groups = list(tags).map(tag => text(record(tag).name))
  const groupOf = ({ operation }: Drawn): string => text(list(operation.tags)[0])
  const { schemas, responses } = record(components)
  const context = { words, responses: record(responses) }
  return layout({
    title: words.title,
    page,
    look: 'rules',
    main: html`<h1>${words.title}</h1>
<p lang="en">${text(record(info).description)}</p>
<p class="note">${words.lead} <a href="/api/v1/openapi.json">openapi.json</a></p>
${['', ...groups].map(
  group => html`<section class="plain" aria-labelledby="tag-${group || 'common'}"><h2 id="tag-${group || 'common'}">${group === '' ? words.common : group}</h2>
${operations.filter(each => groupOf(each) === group).map(each => operation(each, context))}</section>`,
)}
<section class="plain" aria-labelledby="webhooks"><h2 id="webhooks">${words.webhooks}</h2><p>${words.webhooksText} ${schemaLink('Event')}</p>
<ul>${Object.keys(record(webhooks)).map(type => html`<li><code>${type}</code></li>`)}</ul></section>
<section class="plain" aria-labelledby="schemas"><h2 id="schemas">${words.schemas}</h2>
${Object.entries(record(schemas)).map(
  ([name, schema]) =>
    html`<details class="fold" id="schema-${name}"><summary><code>${name}</code></summary>${fields(schema, words)}</details>`,
)}</section>`,
  })
}

type Words = (typeof API_WORDS)[Locale]
interface Drawn {
  method: string
  path: string
  operation: Json
}
interface Context {
  words: Words
  responses: Json
}

const operation = ({ method, path, operation: it }: Drawn, { words, responses }: Context): Html => {
  const body = record(record(record(it.requestBody).content)['application/json']).schema
  const parameters = list(it.parameters).map(record)
  return html`<details class="fold" id="${text(it.operationId)}"><summary lang="en"><code>${method.toUpperCase()} ${path}</code> ${text(it.summary)}</summary>
${it.description !== undefined && html`<p lang="en">${text(it.description)}</p>`}
<p><small><code>${text(it.operationId)}</code> · ${list(it.security).length > 0 ? words.key : words.link}</small></p>
${parameters.length > 0 && html`<h3>${words.parameters}</h3><ul>${parameters.map(each => field(`${text(each.name)} (${text(each.in)})`, { description: each.description, ...record(each.schema) }, each.required === true, words))}</ul>`}
${body !== undefined && html`<h3>${words.body}</h3>${fields(body, words)}`}
<h3>${words.answers}</h3><ul>${Object.entries(record(it.responses)).map(([status, response]) => answer(status, record(response), responses))}</ul>
</details>`
}

const answer = (status: string, response: Json, responses: Json): Html => {
  const name = text(response.$ref).split('/').at(-1) ?? ''
  const { description, content } = name === '' ? response : record(responses[name])
  const schema = record(record(Object.values(record(content))[0]).schema)
  const to = text(schema.$ref).split('/').at(-1) ?? ''
  return html`<li lang="en"><code>${status}</code> ${text(description)} ${to !== '' && schemaLink(to)}</li>`
}

const schemaLink = (name: string): Html => html`<a href="#schema-${name}"><code>${name}</code></a>`

/** Nested fields are listed by their path; this deep at most. */
const DEPTH = 4

const fields = (schema: unknown, words: Words): Html =>
  html`<ul>${rows(schema, '', DEPTH).map(row => field(row.name, row.schema, row.required, words))}</ul>`

interface Row {
  name: string
  schema: Json
  required: boolean
}
const rows = (schema: unknown, path: string, depth: number): Row[] => {
  if (depth === 0) return []
  const { properties, required, allOf, anyOf, items } = record(schema)
  const parts = [...list(allOf), ...list(anyOf)].flatMap(part => rows(part, path, depth))
  const own = Object.entries(record(properties)).flatMap(([name, inner]) => {
    const here = path === '' ? name : `${path}.${name}`
    return [
      { name: here, schema: record(inner), required: list(required).includes(name) },
      ...rows(inner, here, depth - 1),
    ]
  })
  return [...own, ...parts, ...(items === undefined ? [] : rows(items, `${path}[]`, depth - 1))]
}

const field = (name: string, schema: Json, required: boolean, words: Words): Html => {
  const kinds = [typeOf(schema), required && words.required].filter(each => each !== false && each !== '')
  return html`<li lang="en"><code>${name}</code> <small>${kinds.join(' · ')}</small> ${text(schema.description)}</li>`
}

const typeOf = ({ type, enum: values, const: only, anyOf, items }: Json): string => {
  if (only !== undefined) return JSON.stringify(only)
  if (values !== undefined) return list(values).join(' | ')
  if (anyOf !== undefined) return [...new Set(list(anyOf).map(each => typeOf(record(each))))].join(' | ')
  return type === 'array' ? `${typeOf(record(items))}[]` : text(type)
}
