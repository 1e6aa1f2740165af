// The peak hour of a day with 2,000,000 complaints, compressed, beside 100,000 that are open: `npm run bench -- --peak [--seconds 20]
// [--from 0.05]`. Its rates are raised step by step, and it says what is late first. Requests arrive when they are due, whether or not earlier ones were answered.

import { once } from 'node:events'
import { cpSync } from 'node:fs'
import { Agent, createServer as createHttp, request } from 'node:http'
import { join } from 'node:path'
import { linksIn } from './busy.ts'
import { MERCHANT_KEY, MERCHANTS, PLATFORM_KEY } from './peak-server.ts'
import { inFolder } from './place.ts'
import { type Serving, startPeak } from './serving.ts'

/** Ten times the mean hour of 2,000,000 complaints with nine commands each, a page read 1.1 times for each command. */
const PEAK = { submits: 232, responses: 232, messages: 1619, views: 2315 }
type Kind = keyof typeof PEAK
const KINDS = Object.keys(PEAK) as Kind[]
const SHARES = [0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1]

/** A vendor's usual answer. */
const GATEWAY_MS = 200
const WARM_SECONDS = 20
/** A submission waits for the checkpoint that its receipt needs, up to a second. */
const [LATE_MS, WAITING] = [2000, 3000]

const agent = new Agent({ keepAlive: true, maxSockets: 256 })

interface Asked {
  port: number
  path: string
  headers: Record<string, string>
  body?: object
}

const ask = ({ port, path, headers, body }: Asked): Promise<{ status: number; text: string }> =>
  new Promise((resolve, reject) => {
    const method = body ? 'POST' : 'GET'
    const sent = { ...headers, ...(body && { 'Content-Type': 'application/json', Accept: 'application/json' }) }
    const asked = request({ port, path, method, agent, headers: sent }, answer => {
      answer
        .toArray()
        .then((chunks: Buffer[]) => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() }))
        .catch(reject)
    })
    asked.on('error', reject).end(body && JSON.stringify(body))
  })

interface Filed {
  id: string
  merchant: number
}

/** What people do, on complaints chosen at random from `paths`, which grow; each comes from an address of its own. */
const actions = (port: number, paths: string[]): Record<Kind, () => Promise<number>> => {
  // Other orders than those of the folder.
  let orders = Date.now() * 1000
  const waiting: Filed[] = []
  const some = () => paths[Math.floor(Math.random() * paths.length)] ?? '/'
  const from = () => ({ 'X-Forwarded-For': `100.${[0, 0, 0].map(() => Math.floor(Math.random() * 250)).join('.')}` })
  const bearer = (key: string) => ({ ...from(), Authorization: `Bearer ${key}` })
  return {
    submits: async () => {
      const n = orders++
      const merchant = n % MERCHANTS
      const body = {
        orderId: `PEAK-${n}`,
        item: '连衣裙 红色 M',
        merchantId: `m${merchant}`,
        merchantName: '云上衣橱旗舰店',
        buyer: { name: '王小明', phone: `138${String(n % 1e8).padStart(8, '0')}` },
        category: 'quality',
        statement: '裙子和图片不一样，颜色差很多，面料也很薄，要求全额退款。',
        remedySought: { kind: 'refund', amount: { value: '89.00', currency: 'CNY' } },
      }
      const { status, text } = await ask({ port, path: '/api/v1/complaints', headers: bearer(PLATFORM_KEY), body })
      if (status !== 201) return status
      const { id, trackingUrl } = JSON.parse(text) as { id: string; trackingUrl: string }
      paths.push(new URL(trackingUrl).pathname)
      waiting.push({ id, merchant })
      return status
    },
    responses: async () => {
      const one = waiting.shift()
      if (!one) return 0
      const body = { answer: 'reject', ground: 'as_described', statement: '与页面描述一致，不支持退款。' }
      const path = `/api/v1/complaints/${one.id}/responses`
      return (await ask({ port, path, headers: bearer(MERCHANT_KEY(one.merchant)), body })).status
    },
    messages: async () => {
      const path = `${some()}/messages`
      return (await ask({ port, path, headers: from(), body: { text: '请尽快处理，谢谢。' } })).status
    },
    views: async () => {
      const headers = { ...from(), Accept: 'text/html', 'Accept-Encoding': 'br', 'Accept-Language': 'zh-CN' }
      return (await ask({ port, path: some(), headers })).status
    },
  }
}

const quantile = (sorted: readonly number[], part: number): number =>
  sorted[Math.floor(part * (sorted.length - 1))] ?? 0

const pendingSms = async (port: number): Promise<number> => {
  const { text } = await ask({ port, path: '/metrics', headers: {} })
  return Number(/^tousu_outbox_pending\S* (\d+)/m.exec(text)?.[1] ?? 0)
}

/** One step: the arrivals of `seconds` at this share of the peak. */
const step = async (
  server: Serving,
  acts: ReturnType<typeof actions>,
  share: number,
  seconds: number,
  sent: () => number,
) => {
  const times: Record<Kind, number[]> = { submits: [], responses: [], messages: [], views: [] }
  const owed: Record<Kind, number> = { submits: 0, responses: 0, messages: 0, views: 0 }
  const wrong: Record<number, number> = {}
  let [arrived, answered, dropped] = [0, 0, 0]
  const [began, before, smsBefore] = [performance.now(), await server.probe(), sent()]
  const under: Promise<void>[] = []
  let last = began
  while (performance.now() - began < seconds * 1000) {
    await new Promise(resolve => setTimeout(resolve, 5))
    const now = performance.now()
    for (const kind of KINDS) {
      owed[kind] += (PEAK[kind] * share * (now - last)) / 1000
      for (; owed[kind] >= 1; owed[kind]--) {
        arrived++
        if (arrived - answered - dropped > WAITING) {
          dropped++
          continue
        }
        const at = performance.now()
        const done = acts[kind]()
          // A connection that broke.
          .catch(() => 599)
          .then(status => {
            answered++
            if (status > 0) times[kind].push(performance.now() - at)
            if (status >= 300) wrong[status] = (wrong[status] ?? 0) + 1
          })
        under.push(done)
      }
    }
    last = now
  }
  const inTime = answered / arrived
  await Promise.all(under)
  const wall = (performance.now() - began) / 1000
  const after = await server.probe()
  const late = Object.fromEntries(
    KINDS.map(kind => {
      const sorted = times[kind].toSorted((a, b) => a - b)
      return [`${kind} p50/p99 ms`, `${quantile(sorted, 0.5).toFixed(0)}/${quantile(sorted, 0.99).toFixed(0)}`]
    }),
  )
  const commands = times.submits.length + times.responses.length + times.messages.length
  return {
    share,
    'commands/s': Math.round(commands / wall),
    'views/s': Math.round(times.views.length / wall),
    ...late,
    'SMS/s': Math.round((sent() - smsBefore) / wall),
    'SMS waiting': await pendingSms(server.port),
    'CPU %': Math.round((after.cpu - before.cpu) / wall / 10_000),
    'answered in time %': Math.round(100 * inTime),
    refused: JSON.stringify(wrong),
    isLate:
      inTime < 0.95 ||
      KINDS.some(
        kind =>
          quantile(
            times[kind].toSorted((a, b) => a - b),
            0.99,
          ) > LATE_MS,
      ),
  }
}

/** Prints a row a step, up to the first that is late: p99 over two seconds, or one request in twenty not answered by its end. */
export const peak = (large: string, { seconds, from }: { seconds: number; from: number }): Promise<object[]> =>
  inFolder(async folder => {
    let sent = 0
    const gateway = createHttp(async (incoming, answer) => {
      await incoming.resume().toArray()
      setTimeout(() => {
        sent++
        answer.writeHead(200, { 'Content-Type': 'application/json' }).end(`{"reference":"${sent}"}`)
      }, GATEWAY_MS)
    }).listen(0)
    await once(gateway, 'listening')
    const address = gateway.address()
    const place = join(folder, 'peak')
    cpSync(large, place, { recursive: true })
    const paths = await linksIn(place)
    const server = await startPeak(place, String(typeof address === 'object' ? address?.port : ''))
    const rows: object[] = []
    try {
      await server.idle()
      const acts = actions(server.port, paths)
      // Long enough for the compiler: no peak hour is the first minute of a process.
      await step(server, acts, SHARES[0] ?? 0, WARM_SECONDS, () => sent)
      for (const share of SHARES.filter(each => each >= from)) {
        const { isLate, ...row } = await step(server, acts, share, seconds, () => sent)
        rows.push(row)
        if (isLate) break
      }
      return rows
    } finally {
      await server.stop()
      agent.destroy()
      gateway.close()
      gateway.closeAllConnections()
    }
  })
