// What a buyer takes along outside: the pack for 12315, and the certificate of a missed deadline. Loaded when it is asked for.

import type { Context } from 'hono'
import type { ComplaintView, StepView } from '../../complaint/view/types.ts'
import type { FileStore } from '../../files/store.ts'
import { type ZipEntry, zipStream } from '../../files/zip.ts'
import { OUTSIDE_WORDS } from '../../i18n/areas/outside.ts'
import type { Ledger } from '../../ledger/contract/ledger.ts'
import { parseCheckpoint } from '../../log/checkpoint.ts'
import { fromBase64, toBase64 } from '../../log/encoding.ts'
import { cosignatureTime, parseNote } from '../../log/note.ts'
import { openReceipt, type Receipt } from '../../log/receipt.ts'
import { readTimeStamp } from '../../log/time-stamp.ts'
import type { TrackContext } from '../../views/context.ts'
import { evidenceOf } from '../../views/steps/step.ts'
import { evidencePage, type Proofs } from '../../views/track/evidence.ts'
import { certificatePage, formForOutside, packedRecord } from '../../views/track/pack.ts'
import { Problem } from '../problem.ts'

/** Steps that a certificate can be had of: another party's missed deadline, and a whole case's. */
export const isCertified = ({ kind, fields }: Pick<StepView, 'kind' | 'fields'>): boolean =>
  (kind === 'deadline_missed' || kind === 'total_missed') && fields.party !== 'buyer'

interface Source {
  /** Its number, as the store has it. */
  id: number
  view: ComplaintView
  page: TrackContext
  ledger: Ledger
}

/** `no` is the step's number as pages say it, with `.jws` behind it for the signature alone. */
export const certificate = async (c: Context, { id, view, page, ledger }: Source, no: string): Promise<Response> => {
  const [, digits, file] = /^([1-9]\d{0,5})(\.jws)?$/.exec(no) ?? []
  const miss = view.steps[Number(digits ?? 0) - 1]
  const jws = miss && isCertified(miss) ? await ledger.certificate(id, miss.seq) : null
  if (!miss || jws === null) throw new Problem('not_found')
  if (file === undefined) return c.html(String(certificatePage(view, page, miss, jws)))
  return c.body(`${jws}\n`, 200, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Disposition': `attachment; filename="tousu-${view.complaint.id}-${digits}.jws"`,
  })
}

interface Pack extends Source {
  /** The whole number: this browser has shown to be the buyer's. */
  phone: string | null
  files: FileStore
  now: number
}

/** ZIP, streamed: the record, the receipt, every file, a text with the fields of the form, and certificates. */
export const pack = async ({ id, view, page, ledger, phone, files, now }: Pack): Promise<Response> => {
  const { pack: words } = OUTSIDE_WORDS[page.locale]
  const complaint = view.complaint.id
  const evidence = evidenceIn(view, page, words.evidence)
  const paths = new Map(evidence.map(({ sha256, path }) => [sha256, path]))
  const made = (name: string, text: () => Promise<string | null>): ZipEntry => ({
    name,
    read: async () => {
      const said = await text()
      return said === null ? null : new TextEncoder().encode(said)
    },
  })
  const entries: ZipEntry[] = [
    // Byte order mark: an old editor would take the text for GBK.
    made(`${words.form}.txt`, async () => `\ufeff${formForOutside(view, page, phone)}`),
    made(`${words.record}.html`, async () => String(packedRecord(view, page, { phone, paths }))),
    made(`${words.receipt}.json`, async () => JSON.stringify(await ledger.receipt(id, 'buyer'))),
    ...view.steps
      .filter(isCertified)
      .map(({ seq }) => made(`${words.certificates}/${seq + 1}.jws`, () => ledger.certificate(id, seq))),
    ...evidence.map(({ sha256, path }) => ({ name: path, read: () => files.get(complaint, sha256) })),
  ]
  const name = encodeURIComponent(`${words.fileName} ${complaint}.zip`)
  return new Response(zipStream(entries, now), {
    headers: {
      'Content-Type': 'application/zip',
      'Content-Disposition': `attachment; filename="tousu-${complaint}.zip"; filename*=UTF-8''${name}`,
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'private, no-store',
    },
  })
}

/** The files of a complaint, each once, and where they lie in a pack. */
export const evidenceIn = (
  view: ComplaintView,
  page: TrackContext,
  folder: string,
): { sha256: string; path: string }[] =>
  view.steps
    .flatMap(step => evidenceOf(step, page))
    .filter(({ sha256 }, i, all) => all.findIndex(each => each.sha256 === sha256) === i)
    .map(({ sha256, title }, i) => ({ sha256, path: `${folder}/${i + 1}-${fileName(title)}` }))

/** As any system writes it: a sender's name must leave no folder and end no path. */
const fileName = (title: string): string =>
  [...title.replace(/[\p{Cc}\\/:*?"<>|]/gu, '_')]
    .slice(-60)
    .join('')
    .replace(/^[. ]+|[. ]+$/g, '') || 'file'

/** The evidence sheet of a receipt that the ledger made just now. Loaded when it is first asked for. */
export const drawEvidence = (view: ComplaintView, receipt: Receipt, page: TrackContext): string =>
  String(evidencePage(view, proofsOf(receipt), page))

const proofsOf = (receipt: Receipt): Proofs => {
  const { checkpoint, note, statement, steps } = openReceipt(receipt)
  const indices = steps.map(({ index }) => index)
  return {
    origin: checkpoint.origin,
    size: checkpoint.size,
    root: toBase64(checkpoint.root),
    note: steps[0]?.proof.checkpoint ?? '',
    iat: statement.iat,
    indices,
    cosigned: note.signatures.flatMap(({ name, bytes }) => {
      const seconds = cosignatureTime(bytes)
      return name === checkpoint.origin || seconds === null ? [] : [{ name, at: seconds * 1000 }]
    }),
    stamps: (receipt.timestamps ?? []).map(({ checkpoint: stamped, reply }) => {
      const { size } = parseCheckpoint(parseNote(stamped).text)
      const { at } = readTimeStamp(fromBase64(reply))
      return { at, size, steps: indices.filter(index => index < size).length }
    }),
  }
}
