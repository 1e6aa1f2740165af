import { type Context, Hono } from 'hono'
import { ILLNESS_REASONS, type LedgerMetrics } from '../ledger/contract/health.ts'
import { equalSecrets } from '../link/token.ts'
import { type Family, METRICS_TYPE, renderMetrics } from '../telemetry/metrics.ts'
import type { Deps } from './deps.ts'
import { Problem } from './problem.ts'

/** Prometheus text: what each shard measures of itself, and where one process serves all, what that one does. */
export const metricsRoutes = (deps: Deps) =>
  new Hono().get('/', async c => {
    if (!mayRead(c, deps)) throw new Problem('unauthorized')
    const shards = await Promise.all(deps.ledgers.map(ledger => ledger.metrics().catch(() => null)))
    const families = [...shardFamilies(shards), ...processFamilies(deps)]
    return c.body(renderMetrics(families), 200, { 'Content-Type': METRICS_TYPE, 'Cache-Control': 'no-store' })
  })

/** A demo's are open. Else the token, or a caller on this machine. */
const mayRead = (c: Context, { demo, metricsToken, process }: Deps): boolean => {
  if (demo) return true
  const bearer = /^Bearer (\S{1,4096})$/i.exec(c.req.header('authorization') ?? '')?.[1]
  if (bearer !== undefined) return metricsToken !== undefined && equalSecrets(bearer, metricsToken)
  return process?.isLoopback(c.env) === true && !isProxied(c)
}

/** A reverse proxy on this machine calls for others; it shows by a header, or by the host that they asked for. */
const isProxied = ({ req }: Context): boolean =>
  PROXY_HEADERS.some(name => req.header(name) !== undefined) ||
  !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(req.url).hostname)

const PROXY_HEADERS = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip']

type Reading = Omit<Family, 'samples'> & { of(shard: LedgerMetrics): number | LedgerMetrics['commits'] | null }

const READINGS: readonly Reading[] = [
  {
    name: 'tousu_deadline_lag_seconds',
    help: 'How long the earliest due deadline has gone unrecorded.',
    type: 'gauge',
    of: shard => shard.deadlineLag,
  },
  {
    name: 'tousu_outbox_pending',
    help: 'SMS that are due or retried; counted up to 100000.',
    type: 'gauge',
    of: shard => shard.outboxPending,
  },
  {
    name: 'tousu_outbox_oldest_seconds',
    help: 'How long the oldest pending SMS has been due, or has been failing.',
    type: 'gauge',
    of: shard => shard.outboxOldest,
  },
  {
    name: 'tousu_checkpoint_age_seconds',
    help: 'Age of the newest published checkpoint; grows also while nothing is written.',
    type: 'gauge',
    of: shard => shard.checkpointAge,
  },
  {
    name: 'tousu_unsigned_leaves',
    help: 'Leaves that no published checkpoint covers.',
    type: 'gauge',
    of: shard => shard.unsignedLeaves,
  },
  {
    name: 'tousu_commit_seconds',
    help: 'Duration of group commits, fsync included; 0 on Cloudflare, where clocks stand still meanwhile.',
    type: 'histogram',
    of: shard => shard.commits,
  },
  {
    name: 'tousu_write_failures_total',
    help: 'Commits that the database failed.',
    type: 'counter',
    of: shard => shard.writeFailures,
  },
  {
    name: 'tousu_storage_bytes',
    help: 'Size of the database, without evidence files.',
    type: 'gauge',
    of: shard => shard.storageBytes,
  },
  {
    name: 'tousu_storage_free_bytes',
    help: 'Free space of the file system with the database.',
    type: 'gauge',
    of: shard => shard.storageFreeBytes,
  },
  {
    name: 'tousu_altered_rows',
    help: 'Rows and old leaves, found since the start, that contradict the log.',
    type: 'gauge',
    of: shard => shard.alteredRows,
  },
  {
    name: 'tousu_retention_lag_seconds',
    help: 'How long content has been due that retention did not erase.',
    type: 'gauge',
    of: shard => shard.retentionLag,
  },
  {
    name: 'tousu_replication_lag_commits',
    help: 'Commits that the commit log does not have yet; their callers wait.',
    type: 'gauge',
    of: shard => shard.replicationLag,
  },
]

/** Null for a shard that did not answer: it has no numbers, and that is its fault. */
const shardFamilies = (shards: readonly (LedgerMetrics | null)[]): Family[] => {
  const answered = shards.flatMap((metrics, shard) => (metrics ? [{ shard, metrics }] : []))
  return [
    ...READINGS.map(({ of, ...family }) => ({
      ...family,
      samples: answered.flatMap(({ shard, metrics }) => {
        const value = of(metrics)
        return value === null ? [] : [{ labels: { shard }, value }]
      }),
    })),
    {
      name: 'tousu_witness_cosignature_age_seconds',
      help: "Time since a witness's last cosignature, by its clock.",
      type: 'gauge',
      samples: answered.flatMap(({ shard, metrics }) =>
        metrics.cosignatureAges.map(({ witness, age }) => ({ labels: { shard, witness }, value: age })),
      ),
    },
    {
      name: 'tousu_unready',
      help: 'Why /readyz is 503: 1 at the reason.',
      type: 'gauge',
      samples: shards.flatMap((metrics, shard) => {
        const present = metrics ? metrics.illness?.reason : 'unavailable'
        return [...ILLNESS_REASONS, 'unavailable'].map(reason => ({
          labels: { shard, reason },
          value: reason === present ? 1 : 0,
        }))
      }),
    },
  ]
}

const processFamilies = ({ process, uploads }: Deps): Family[] =>
  process
    ? [
        process.requests.family(),
        gauge(
          'tousu_event_loop_lag_seconds',
          'The longest stall of the event loop in a minute.',
          process.eventLoopLag(),
        ),
        ...(uploads
          ? [gauge('tousu_upload_bytes_in_flight', 'Bytes of bodies being received.', uploads.uploadBytesInFlight())]
          : []),
      ]
    : []

const gauge = (name: string, help: string, value: number): Family => ({
  name,
  help,
  type: 'gauge',
  samples: [{ value }],
})
