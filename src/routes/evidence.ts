import { bytesToHex } from '@noble/hashes/utils.js'
import type { Context } from 'hono'
import type { FileRef } from '../complaint/command.ts'
import { quotasOf } from '../complaint/deadlines/policy.ts'
import type { FieldValue } from '../complaint/step.ts'
import { DAY } from '../complaint/time.ts'
import { hashesIn, isFile } from '../complaint/view/visibility.ts'
import { isVisible } from '../complaint/words.ts'
import { type FileStore, isSafeImage, type StagedFile, StorageFull } from '../files/store.ts'
import type { Ledger, Timeline } from '../ledger/contract/ledger.ts'
import { formatId, parseId } from '../link/id.ts'
import { type Deps, ledgerOf } from './deps.ts'
import { isKnown } from './headers.ts'
import { Problem } from './problem.ts'

/** A file that was handed in: as it will be kept, without what tells where it was taken, and stored under a temporary name. */
export class ReceivedFile {
  #ref: FileRef
  #thumbnail: ReceivedFile | null = null
  /** A store that fails fails the step, not the reading of the form. */
  readonly #upload: PromiseSettledResult<StagedFile>
  #placed = false

  private constructor(ref: FileRef, staged: PromiseSettledResult<StagedFile>) {
    this.#ref = ref
    this.#upload = staged
  }

  /** Null for a file that is no evidence by its content. */
  static async from(name: string, sent: Uint8Array, store: FileStore): Promise<ReceivedFile | null> {
    const { asEvidence } = await readers()
    const kept = asEvidence(sent)
    if (kept === null) return null
    return ReceivedFile.#staged(fileName(name), kept, store)
  }

  static async #staged(
    name: string,
    { type, bytes }: { type: string; bytes: Uint8Array<ArrayBuffer> },
    store: FileStore,
  ): Promise<ReceivedFile> {
    const sha256 = bytesToHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
    const [staged] = await Promise.allSettled([store.stage(bytes)])
    return new ReceivedFile({ sha256, name, type, size: bytes.length }, staged)
  }

  /** As its step names it. */
  get ref(): FileRef {
    return this.#ref
  }

  /** It and its thumbnail, each a file of its own. */
  get parts(): ReceivedFile[] {
    return this.#thumbnail ? [this, this.#thumbnail] : [this]
  }

  /** Gives a photo its thumbnail; what is none, comes second or belongs to no photo is dropped. */
  async addThumbnail(sent: Uint8Array, store: FileStore): Promise<void> {
    if (this.#thumbnail || !this.#ref.type.startsWith('image/')) return
    const bytes = (await readers()).asThumbnail(sent)
    if (bytes === null) return
    const thumbnail = await ReceivedFile.#staged('', { type: THUMBNAIL_TYPE, bytes }, store)
    const { sha256, size } = thumbnail.ref
    this.#ref = { ...this.#ref, thumb: { sha256, size } }
    this.#thumbnail = thumbnail
  }

  /** Makes it a file of this complaint; answers whether it is new there. Throws the Problem `storage_full`. */
  async place(complaint: string): Promise<boolean> {
    if (this.#upload.status === 'rejected') {
      const { reason } = this.#upload
      throw reason instanceof StorageFull ? new Problem('storage_full') : reason
    }
    this.#placed = true
    return this.#upload.value.keep(complaint, this.ref.sha256)
  }

  /** Removes the temporary copy of a file that no step was asked to hold. */
  async discard(): Promise<void> {
    if (!this.#placed) await this.settle()
    await this.#thumbnail?.discard()
  }

  /** Removes the temporary copy, once its step was recorded or refused. Where that fails the sweep does it: no request fails for it. */
  async settle(): Promise<void> {
    if (this.#upload.status === 'fulfilled') await this.#upload.value.discard().catch(() => undefined)
  }
}

/** The readers of file formats: loaded with the first file, since few pages are asked for with one. */
const readers = () => import('../files/evidence.ts')

const THUMBNAIL_TYPE = 'image/jpeg'

/** The last part of the sender's file name, without what a header or a page could trip over; its link must be seen. */
const fileName = (name: string): string => {
  const kept = [...(name.split(/[/\\]/).at(-1) ?? '').replace(/[^\p{L}\p{N}._ -]/gu, '_')].slice(-80).join('')
  return isVisible(kept) ? kept : 'file'
}

/**
 * Stores files for a step that is about to be made; returns `keep` (commit) and `takeBack` (rollback). Two requests may upload
 * the same file at once: rollback removes only what this one created. Where neither is called the temporary copies stay, and a sweep asks the ledger.
 * @param limit Bytes that the complaint's files may have together. Counted once these are there, so that of two requests at once
 * none passes by what the other brings. Throws the Problem `invalid`, and takes back what it stored.
 */
export const storeFiles = async (deps: Deps, id: number, received: readonly ReceivedFile[], limit: number) => {
  const complaint = formatId(id)
  const files = received.flatMap(({ parts }) => parts)
  const added: ReceivedFile[] = []
  const settle = async () => {
    for (const file of files) await file.settle()
  }
  const takeBack = async () => {
    for (const { ref } of added) await deps.files.remove(complaint, ref.sha256)
    const timeline = added.length > 0 && (await ledgerOf(deps, id).read(id))
    const held = timeline ? filesOf(timeline, () => true) : []
    for (const file of added) if (held.some(({ sha256 }) => sha256 === file.ref.sha256)) await file.place(complaint)
    await settle()
  }
  const keep = async () => {
    for (const file of files) await file.place(complaint)
    await settle()
  }
  try {
    for (const file of files) if (await file.place(complaint)) added.push(file)
    if (added.length > 0 && (await deps.files.used(complaint)) > limit) {
      throw new Problem('invalid', [{ field: 'files', code: 'file_total', max: Math.floor(limit / 1_000_000) }])
    }
  } catch (error) {
    await takeBack()
    throw error
  }
  return { keep, takeBack }
}

/** Bytes that the files of a complaint may have together, by the policy that it began with. */
export const evidenceLimit = async (deps: Deps, id: number): Promise<number> => {
  const timeline = await ledgerOf(deps, id).read(id, { before: 1, limit: 1 })
  const policy = timeline?.entries[0]?.step.policy
  if (!policy) throw new Problem('not_found')
  return quotasOf(policy).evidence
}

interface StoredFile {
  sha256: string
  type: string
  name: string
}

const isStored = (value: FieldValue | undefined): value is FieldValue & StoredFile =>
  typeof value === 'object' && 'sha256' in value && 'type' in value && 'name' in value

/** The files that a field of a step names: one, and its thumbnail where it has one. */
const storedIn = (value: FieldValue | undefined): StoredFile[] => {
  if (!isStored(value)) return []
  const { type, name } = value
  return hashesIn(value).map((sha256, i) => ({ sha256, name, type: i === 0 ? type : THUMBNAIL_TYPE }))
}

/** Files that stand in a timeline and that this reader may see. */
export const filesOf = ({ entries }: Timeline, visible: (field: string) => boolean): StoredFile[] =>
  entries.flatMap(({ fields }) =>
    Object.entries(fields).flatMap(([name, value]) => (isFile(name) && visible(name) ? storedIn(value) : [])),
  )

/** At once, of one ledger. */
const REMOVED_AT_ONCE = 50

/**
 * Removes the files of erased content from the store, unless another step of the complaint holds the same. Answers how many were
 * looked at; what fails stays to be removed. The hosts call it after every tick, the acts of erasure at once.
 */
export const removeErasedFiles = async (files: FileStore, ledger: Ledger): Promise<number> => {
  const erased = await ledger.erasedFiles(REMOVED_AT_ONCE)
  if (erased.length === 0) return 0
  for (const { complaint, sha256 } of erased) {
    const timeline = await ledger.read(complaint)
    const isHeld = timeline !== null && filesOf(timeline, () => true).some(each => each.sha256 === sha256)
    if (!isHeld) await files.remove(formatId(complaint), sha256)
  }
  await ledger.filesRemoved(erased)
  return erased.length
}

/** Immutable (RFC 8246): the address names the bytes. For a day, so that an erased photo leaves its readers' browsers as well. */
const KEPT = 'private, max-age=86400, immutable'

/** Sends an evidence file: safe images to look at, everything else to save. The browser never guesses a type. */
export const sendFile = async (
  c: Context,
  deps: Deps,
  timeline: Timeline,
  { sha256, visible }: { sha256: string; visible: (field: string) => boolean },
) => {
  const file = filesOf(timeline, visible).find(each => each.sha256 === sha256)
  // A reader who may see it and has it: its name is the hash of its bytes.
  const etag = `"${sha256}"`
  if (file && isKnown(c.req.header('if-none-match'), etag))
    return new Response(null, { status: 304, headers: { ETag: etag, 'Cache-Control': KEPT } })
  const bytes = file && (await deps.files.get(formatId(timeline.id), file.sha256))
  if (!file || !bytes) throw new Problem('not_found')
  const disposition = isSafeImage(file.type) ? 'inline' : 'attachment'
  return new Response(new Uint8Array(bytes), {
    headers: {
      'Content-Type': file.type,
      'Content-Disposition': `${disposition}; filename*=UTF-8''${encodeURIComponent(file.name)}`,
      'X-Content-Type-Options': 'nosniff',
      'Content-Security-Policy': "default-src 'none'; sandbox",
      'Cache-Control': KEPT,
      ETag: etag,
    },
  })
}

/**
 * Orphaned files: removes what a crash left a day ago and no step refers to. While a ledger takes no writes nothing is removed: it
 * may be an older copy, which knows fewer steps.
 * @param now UTC ms of the real clock, by which stores date their files.
 */
export const sweepFiles = async (deps: Deps, now: number): Promise<void> => {
  for (const ledger of deps.ledgers) if ((await ledger.readOnly()) !== null) return
  await deps.files.sweep(now - DAY, async (complaint, sha256) => {
    const id = parseId(complaint)
    const timeline = id === null ? null : await ledgerOf(deps, id).read(id)
    return timeline !== null && filesOf(timeline, () => true).some(file => file.sha256 === sha256)
  })
}
