import { MINUTE } from '../../complaint/time.ts'
import type { Delivery, Ledger, Message, PendingDigest } from '../../ledger/port.ts'
import { barePhone } from '../../link/phone.ts'
import type { LinkSettings } from './compose.ts'
import { digest } from './digest.ts'
import type { Sender } from './send.ts'
import { byUrgency, type Prepared, prepare, sendOne } from './send-batch.ts'

export interface DeliveryDeps extends LinkSettings, Sender {
  ledger: Pick<
    Ledger,
    'dueMessages' | 'dueDigests' | 'read' | 'acceptedCount' | 'contact' | 'recordDelivery' | 'readOnly'
  >
  limit?: number
  /**
   * What became of messages that went out and could not be recorded, by outbox row; as long as the process remembers,
   * it is recorded again instead of sent again. Without it a full disk would make phones ring every second.
   */
  unrecorded?: Unrecorded | undefined
  /** Once it aborts, nothing more is begun; what was not begun stays due. */
  signal?: AbortSignal | undefined
}

export type Unrecorded = Map<number, Delivery>

const LIMIT = 50
/** Readers at a time. */
const CONCURRENCY = 5

/** Messages that may have gone out and are still due: they will be sent again, with the same keys. */
export class NotRecorded extends Error {
  override name = 'NotRecorded'
  constructor(messages: readonly number[]) {
    super(`the ledger did not record what became of outbox rows ${messages.join(', ')}`)
  }
}

/**
 * Sends what is due, at most `limit` messages to buyers and the digests, and records what became of each; answers how
 * many, so 0 means that nothing is due. At least once: a message that was sent and not recorded is sent again with the
 * same key. Those of one reader go one after another, which keeps the day's number of messages, and none holds up
 * those of another. Calls for one ledger must not overlap. Rejects only when the outbox can't be read or, after all
 * messages had their turn, when the digests can't, or with NotRecorded, which holds no number and no text.
 */
export const deliverDue = async (desk: DeliveryDeps): Promise<number> => {
  // A ledger that may be a restored backup would send old messages once more.
  if ((await desk.ledger.readOnly()) !== null) return 0
  const record = recorder(desk)
  // Digests that can't be read hold up no buyer's message; that they can't is said at the end.
  const [waiting] = await Promise.allSettled([digestsDue(desk, record)])
  const prepared = await prepare(desk, await record.unknown(await desk.ledger.dueMessages(desk.limit ?? LIMIT)))
  await runConcurrently(desk.signal, [
    ...(waiting.status === 'fulfilled' ? waiting.value : []).map(each => async () => {
      const outcomes = await digest(desk, each)
      await Promise.all(outcomes.map(({ message, delivery }) => record(message, delivery)))
    }),
    ...readers(prepared).map(theirs => async () => {
      for (const each of theirs) {
        if (desk.signal?.aborted) return
        await record(
          each.message,
          await sendOne(desk, each).catch((): Delivery => ({ heldUntil: desk.clock.now() + HOLD })),
        )
      }
    }),
  ])
  const total = record.total()
  if (waiting.status === 'rejected') throw waiting.reason
  return total
}

const digestsDue = async ({ ledger }: DeliveryDeps, { unknown }: Recorder): Promise<PendingDigest[]> =>
  Promise.all(
    (await ledger.dueDigests()).map(async ({ party, messages }) => ({ party, messages: await unknown(messages) })),
  )

/** Where not even the day's messages could be counted. */
const HOLD = MINUTE

/** By phone; what needs no phone stands alone. */
const readers = (prepared: readonly Prepared[]): Prepared[][] => {
  const byPhone = Map.groupBy(prepared, each => ('letter' in each ? barePhone(each.letter.sms.to) : each.message.id))
  return [...byPhone.values()].map(theirs => theirs.toSorted(byUrgency))
}

/** Notes what the ledger would not take. Never rejects: what other rooms throw may hold anything, and goes no further. */
const recorder = ({ ledger, unrecorded = new Map() }: DeliveryDeps) => {
  const failed: number[] = []
  let recorded = 0
  const record = async (message: Message, delivery: Delivery): Promise<void> => {
    try {
      await ledger.recordDelivery(message, delivery)
      unrecorded.delete(message.id)
      recorded++
    } catch {
      unrecorded.set(message.id, delivery)
      failed.push(message.id)
    }
  }
  /** Those of which it is not known yet what became of them; of the others it is recorded once more. */
  const unknown = async <M extends Message>(messages: readonly M[]): Promise<M[]> => {
    const known = messages.flatMap(message => {
      const delivery = unrecorded.get(message.id)
      return delivery ? [{ message, delivery }] : []
    })
    await Promise.all(known.map(({ message, delivery }) => record(message, delivery)))
    return messages.filter(({ id }) => !known.some(({ message }) => message.id === id))
  }
  const total = (): number => {
    if (failed.length > 0) throw new NotRecorded(failed)
    return recorded
  }
  return Object.assign(record, { unknown, total })
}
type Recorder = ReturnType<typeof recorder>

const runConcurrently = async (
  signal: AbortSignal | undefined,
  works: readonly (() => Promise<void>)[],
): Promise<void> => {
  const left = works.values()
  const lane = async () => {
    for (const work of left) {
      if (signal?.aborted) return
      await work()
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, lane))
}
