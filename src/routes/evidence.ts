import { isFile } from '../complaint/visibility.ts'
import { isImage } from '../files/sniff.ts'
import type { Timeline } from '../ledger/port.ts'
import type { Deps } from './deps.ts'
import { Problem } from './problem.ts'

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

/** Sends an evidence file: images to look at, everything else to save. The browser never guesses a type. */
export const sendFile = async (deps: Deps, timeline: Timeline, sha256: string, visible: (field: string) => boolean) => {
  const file = filesOf(timeline, visible).find(each => each.sha256 === sha256)
  const bytes = file && (await deps.files.get(file.sha256))
  if (!file || !bytes) throw new Problem('not_found')
  const disposition = isImage(file.type) ? 'inline' : 'attachment'
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
