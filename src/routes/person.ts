// All complaints of one phone, open and closed: how each stands, and all of them as one file. The number comes in a post, or from
// a complaint of its owner; it stands in no address and no log line.

import { iso, yieldToEventLoop } from '../complaint/time.ts'
import type { NewestState } from '../complaint/view/complaint-view.ts'
import { toComplaintView } from '../complaint/view/complaint-view.ts'
import { type ZipEntry, zipStream } from '../files/zip.ts'
import { PERSON_WORDS } from '../i18n/areas/person.ts'
import { formatId } from '../link/id.ts'
import { addressed, type PageContext } from '../views/context.ts'
import { packedRecord } from '../views/track/pack.ts'
import { askAll, type Deps, ledgerOf } from './deps.ts'
import { Problem } from './problem.ts'
import { evidenceIn } from './track/outside.ts'

/** Ids, oldest first in each shard; `silent` are the shards that do not answer. */
export const complaintsOf = async (deps: Deps, phone: string): Promise<{ ids: number[]; silent: number[] }> => {
  const { answers, silent } = await askAll(deps.ledgers, ledger => ledger.find({ phone }))
  return { ids: answers.flat(), silent }
}

export interface Standing extends NewestState {
  id: number
}

const AT_ONCE = 20

/** How each of them stands now; two steps of each are read. */
export const standingsOf = async (deps: Deps, ids: readonly number[]): Promise<Standing[]> => {
  const found: Standing[] = []
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const part = ids.slice(at, at + AT_ONCE)
    const read = await Promise.all(part.map(async id => ({ id, newest: await ledgerOf(deps, id).newest(id) })))
    found.push(...read.flatMap(({ id, newest }) => (newest ? [{ id, ...newest }] : [])))
    await yieldToEventLoop()
  }
  return found
}

/**
 * A copy of all personal data (PIPL, article 45): a ZIP with a folder for each complaint, as its buyer reads it. One complaint, and
 * one of its files, is in memory at a time. Throws `unavailable` where a shard is silent: a part would look like all.
 */
export const exportOf = async (
  deps: Deps,
  phone: string,
  page: PageContext,
): Promise<{ file: Response; count: number }> => {
  const { ids, silent } = await complaintsOf(deps, phone)
  if (silent.length > 0) throw new Problem('unavailable')
  const { file } = PERSON_WORDS[page.locale]
  const now = deps.clock.now()
  const about = { exportedAt: iso(now), phone, complaints: ids.map(formatId) }
  const name = encodeURIComponent(`${file.name} ${iso(now).slice(0, 10)}.zip`)
  const headers = {
    'Content-Type': 'application/zip',
    'Content-Disposition': `attachment; filename="tousu-data.zip"; filename*=UTF-8''${name}`,
    'Cache-Control': 'private, no-store',
  }
  return {
    count: ids.length,
    file: new Response(zipStream(entriesOf(deps, about, ids, addressed(page)), now), { headers }),
  }
}

async function* entriesOf(deps: Deps, about: { phone: string }, ids: readonly number[], page: PageContext) {
  yield text('data.json', JSON.stringify(about, null, 2))
  for (const id of ids) {
    await yieldToEventLoop()
    yield* entriesOfOne(deps, id, about.phone, page)
  }
}

async function* entriesOfOne(deps: Deps, id: number, phone: string, page: PageContext): AsyncGenerator<ZipEntry> {
  const ledger = ledgerOf(deps, id)
  const timeline = await ledger.read(id)
  if (!timeline) return
  const { file } = PERSON_WORDS[page.locale]
  const code = formatId(id)
  const now = deps.clock.now()
  const asBuyer = { reader: 'buyer', role: 'buyer', now, dictionary: page.dictionary } as const
  const view = toComplaintView({ id: code, entries: timeline.entries, loss: timeline.loss, ...asBuyer })
  const context = { ...page, base: '', scope: 'act', now, site: deps.baseUrl, checked: { witnesses: 0 } } as const
  const evidence = evidenceIn(view, context, file.evidence)
  const paths = new Map(evidence.map(({ sha256, path }) => [sha256, path]))
  yield text(`${code}/complaint.json`, JSON.stringify(view))
  await yieldToEventLoop()
  yield text(`${code}/${file.record}.html`, String(packedRecord(view, context, { phone, paths })))
  await yieldToEventLoop()
  yield text(`${code}/${file.receipt}.json`, JSON.stringify(await ledger.receipt(id, 'buyer')))
  for (const { sha256, path } of evidence) yield { name: `${code}/${path}`, read: () => deps.files.get(code, sha256) }
}

const text = (name: string, said: string): ZipEntry => ({ name, read: async () => new TextEncoder().encode(said) })
