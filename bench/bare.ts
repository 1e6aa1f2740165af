/** The baseline of the page: a bare Hono handler that answers stored bytes under stored headers. `node bench/bare.ts FILE` */
import { readFileSync } from 'node:fs'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'

export interface StoredAnswer {
  headers: Record<string, string>
  base64: string
}

const answer: StoredAnswer = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'))
const bytes = new Uint8Array(Buffer.from(answer.base64, 'base64'))
// A plain object of headers is the fastest answer that the adapter knows.
const app = new Hono().get('/t/:token', () => new Response(bytes, { headers: answer.headers }))
serve({ fetch: app.fetch, port: Number(process.env.PORT) })
