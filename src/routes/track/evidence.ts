import type { ComplaintView } from '../../complaint/view/types.ts'
import { parseCheckpoint } from '../../log/checkpoint.ts'
import { cosignatureTime } from '../../log/cosignature.ts'
import { fromBase64, toBase64 } from '../../log/encoding.ts'
import { parseNote } from '../../log/note.ts'
import { openReceipt, type Receipt } from '../../log/receipt.ts'
import { readTimeStamp } from '../../log/time-stamp.ts'
import type { TrackContext } from '../../views/context.ts'
import { evidencePage, type Proofs } from '../../views/track/evidence.ts'

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
