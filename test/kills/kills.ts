// Crash durability: clients file complaints and post messages, the server is killed with SIGKILL in the middle, again and
// again; afterwards every step that was acknowledged must be there, and a monitor must find one unbroken log.

import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import { main } from '../../src/cli/tousu.ts'
import { endServer, type LiveSettings, liveSettings, PLATFORM_KEY, startServer } from '../deploy/server-process.ts'

const CLIENTS = 16
/** Answers before a kill. */
const [FEWEST, MOST] = [3, 63]
/** Share of commands that file a new complaint; the others post a message to one of the newest. */
const FILED = 0.3
const NEWEST = 200

const Step = v.object({ seq: v.number(), leaf: v.string() })
const Filed = v.object({ trackingUrl: v.string() })
const Said = v.object({ step: Step })
const View = v.object({ steps: v.array(Step) })

export interface Killed {
  kills: number
  /** 201s that a client received. */
  acknowledged: number
  /** Acknowledged steps that are not there, or have another leaf. */
  missing: number
  changed: number
  /** Exit codes of `tousu monitor`, with its memory, each hundred kills and at the end: 0 is an unbroken log. */
  monitor: number[]
}

/** What was acknowledged of one complaint: leaf by seq; the first step is acknowledged by its link. */
type Acknowledged = Map<string, Map<number, string | null>>

export const killAgainAndAgain = async (kills: number, tell: (line: string) => void): Promise<Killed> => {
  const folder = mkdtempSync(join(tmpdir(), 'tousu-kills-'))
  const dataDir = join(folder, 'data')
  mkdirSync(dataDir)
  try {
    const settings = await liveSettings(dataDir)
    const acknowledged: Acknowledged = new Map()
    const monitor: number[] = []
    for (let kill = 1; kill <= kills; kill++) {
      await untilKilled(settings, acknowledged)
      if (kill % 100 !== 0) continue
      monitor.push(await watched(settings, folder))
      tell(`${kill} kills, ${countOf(acknowledged)} acknowledged, monitor ${monitor.at(-1)}`)
    }
    const child = await startServer(settings)
    const losses = await compare(acknowledged)
    await endServer(child, 'SIGTERM')
    monitor.push(await watched(settings, folder))
    return { kills, acknowledged: countOf(acknowledged), ...losses, monitor }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const countOf = (acknowledged: Acknowledged) => [...acknowledged.values()].reduce((sum, steps) => sum + steps.size, 0)

/** One life of the server: it ends in the middle of the work. */
const untilKilled = async (settings: LiveSettings, acknowledged: Acknowledged): Promise<void> => {
  const child = await startServer(settings)
  let left = FEWEST + Math.floor(Math.random() * (MOST - FEWEST + 1))
  const client = async () => {
    while (left > 0 && (await command(settings, acknowledged).catch(unlessCutOff))) left--
    child.kill('SIGKILL')
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  await endServer(child, 'SIGKILL')
}

/** One command; true once it is acknowledged and noted. */
const command = async ({ BASE_URL }: LiveSettings, acknowledged: Acknowledged): Promise<boolean> => {
  const links = [...acknowledged.keys()].slice(-NEWEST)
  const link = links[Math.floor(Math.random() * links.length)]
  if (link === undefined || Math.random() < FILED) {
    const { trackingUrl } = v.parse(Filed, await post(`${BASE_URL}/api/v1/complaints`, intake()))
    acknowledged.set(trackingUrl, new Map([[0, null]]))
  } else {
    const { step } = v.parse(Said, await post(`${link}/messages`, { text: '还在吗' }))
    acknowledged.get(link)?.set(step.seq, step.leaf)
  }
  return true
}

/** A request that the kill cut off was not acknowledged, whatever became of it. */
const unlessCutOff = (error: unknown): false => {
  if (error instanceof TypeError) return false
  throw error
}

const post = async (url: string, body: object): Promise<unknown> => {
  const headers = {
    'Content-Type': 'application/json',
    Accept: 'application/json',
    Authorization: `Bearer ${PLATFORM_KEY}`,
  }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  if (response.status !== 201) throw new Error(`answered ${response.status}: ${await response.text()}`)
  return response.json()
}

const intake = () => ({
  orderId: crypto.randomUUID(),
  merchantId: 'm1',
  merchantName: '小店',
  buyer: { name: '王小明', phone: '13800001234' },
  category: 'quality',
  statement: '坏了',
})

const compare = async (acknowledged: Acknowledged): Promise<{ missing: number; changed: number }> => {
  let [missing, changed] = [0, 0]
  for (const [link, steps] of acknowledged) {
    const response = await fetch(link, { headers: { Accept: 'application/json' } })
    const kept = response.ok ? v.parse(View, await response.json()).steps : []
    const leaves = new Map(kept.map(({ seq, leaf }) => [seq, leaf]))
    for (const [seq, leaf] of steps) {
      if (!leaves.has(seq)) missing++
      else if (leaf !== null && leaves.get(seq) !== leaf) changed++
    }
  }
  return { missing, changed }
}

/** Exit code of a monitor that remembers its last run. */
const watched = async (settings: LiveSettings, folder: string): Promise<number> => {
  const child = await startServer(settings)
  const url = `${settings.BASE_URL}/log/0`
  const trust = join(folder, 'trust.txt')
  // Pinned at the first run.
  if (!existsSync(trust)) writeFileSync(trust, await (await fetch(`${url}/policy`)).text())
  const io = { out: () => undefined, err: () => undefined, tty: false, now: Date.now, fetch }
  const code = await main(['monitor', url, '--policy', trust, '--state', join(folder, 'state')], io)
  await endServer(child, 'SIGTERM')
  return code
}
