import { bytesToHex } from '@noble/hashes/utils.js'
import type { FileRef } from '../complaint/command.ts'
import { isVisible } from '../complaint/plain-text.ts'
import { isFile } from '../complaint/view/visibility.ts'
import { asEvidence, isSafeImage } from '../files/evidence.ts'
import { MAX_FILE_BYTES, MAX_FILES } from '../files/store.ts'
import type { Timeline } from '../ledger/contract/ledger.ts'
import { formatId } from '../link/id.ts'
import { type Deps, ledgerOf } from './deps.ts'
import { Problem } from './problem.ts'

/** A file that may be handed in: as it will be kept, without what tells where it was taken. */
export interface CheckedFile {
  ref: FileRef
  bytes: Uint8Array
}

/** Each is known by its content, or all are refused. Nothing is stored yet. */
export const checkFiles = async (files: readonly File[]): Promise<CheckedFile[]> => {
  if (files.length > MAX_FILES) throw new Problem('invalid', [{ field: 'files', code: 'file_count', max: MAX_FILES }])
  if (files.some(file => file.size > MAX_FILE_BYTES)) {
    throw new Problem('invalid', [{ field: 'files', code: 'file_size', max: MAX_FILE_BYTES / 1_048_576 }])
  }
  // One after another: a hundred megabytes are not held twice, and others are answered in between.
  const kept: CheckedFile[] = []
  for (const file of files) kept.push(await checked(file.name, new Uint8Array(await file.arrayBuffer())))
  return kept
}

const checked = async (name: string, sent: Uint8Array): Promise<CheckedFile> => {
  const kept = asEvidence(sent)
  if (kept === null) throw new Problem('invalid', [{ field: 'files', code: 'file_type' }])
  const { type, bytes } = kept
  const sha256 = bytesToHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
  return { bytes, ref: { sha256, name: fileName(name), type, size: bytes.length } }
}

/** The last part of the sender's file name, without what a header or a page could trip over; its link must be seen. */
const fileName = (name: string): string => {
  const kept = [...(name.split(/[/\\]/).at(-1) ?? '').replace(/[^\p{L}\p{N}._ -]/gu, '_')].slice(-80).join('')
  return isVisible(kept) ? kept : 'file'
}

/**
 * Stores files for a step that is about to be made; returns `keep` (commit) and `takeBack` (rollback). Two requests may upload
 * the same file at once: rollback removes only what this one created.
 */
export const storeFiles = async (deps: Deps, id: number, checked: readonly CheckedFile[]) => {
  const complaint = formatId(id)
  const added: CheckedFile[] = []
  const put = ({ ref, bytes }: CheckedFile) => deps.files.put(complaint, ref.sha256, bytes)
  const takeBack = async () => {
    for (const { ref } of added) await deps.files.remove(complaint, ref.sha256)
    const timeline = added.length > 0 && (await ledgerOf(deps, id).read(id))
    const held = timeline ? filesOf(timeline, () => true) : []
    for (const file of added) if (held.some(({ sha256 }) => sha256 === file.ref.sha256)) await put(file)
  }
  const keep = async () => {
    for (const file of checked) await put(file)
  }
  try {
    for (const file of checked) if (await put(file)) added.push(file)
  } catch (error) {
    await takeBack()
    throw error
  }
  return { keep, takeBack }
}

interface StoredFile {
  sha256: string
  type: string
  name: string
}

const isStored = (value: unknown): value is StoredFile =>
  typeof value === 'object' && value !== null && 'sha256' in value && 'type' in value && 'name' in value

/** Files that stand in a timeline and that this reader may see. */
const filesOf = ({ entries }: Timeline, visible: (field: string) => boolean): StoredFile[] =>
  entries.flatMap(({ fields }) =>
    Object.entries(fields).flatMap(([name, value]) =>
      isFile(name) && visible(name) && isStored(value) ? [value] : [],
    ),
  )

/** What is to be done once this field was erased: its file goes too, unless another step holds the same. */
export const erasureOf = async (deps: Deps, id: number, { seq, field }: { seq: number; field: string }) => {
  const before = await ledgerOf(deps, id).read(id)
  const doomed = before?.entries[seq]?.fields[field]
  if (!isFile(field) || !isStored(doomed)) return async () => undefined
  return async () => {
    const after = await ledgerOf(deps, id).read(id)
    const kept = after ? filesOf(after, () => true) : []
    if (!kept.some(each => each.sha256 === doomed.sha256)) await deps.files.remove(formatId(id), doomed.sha256)
  }
}

/** Sends an evidence file: safe images to look at, everything else to save. The browser never guesses a type. */
export const sendFile = async (deps: Deps, timeline: Timeline, sha256: string, visible: (field: string) => boolean) => {
  const file = filesOf(timeline, visible).find(each => each.sha256 === sha256)
  const bytes = file && (await deps.files.get(formatId(timeline.id), file.sha256))
  if (!file || !bytes) throw new Problem('not_found')
  const disposition = isSafeImage(file.type) ? 'inline' : 'attachment'
  return new Response(new Uint8Array(bytes), {
    headers: {
      'Content-Type': file.type,
      'Content-Disposition': `${disposition}; filename*=UTF-8''${encodeURIComponent(file.name)}`,
      'X-Content-Type-Options': 'nosniff',
      'Content-Security-Policy': "default-src 'none'; sandbox",
      'Cache-Control': 'private, no-cache',
    },
  })
}
