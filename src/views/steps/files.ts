import type { Fields, FieldValue } from '../../complaint/step.ts'
import type { StepView } from '../../complaint/view/types.ts'
import { isFile } from '../../complaint/view/visibility.ts'
import type { TrackContext } from '../context.ts'
import { type Html, html, inline } from '../html.ts'

/** Evidence files as links; each is named by its SHA-256. */
export const files = (step: StepView, page: TrackContext): Html | null => {
  const found = evidenceOf(step, page)
  const { previous, next, close } = page.words.photos
  return found.length > 0
    ? html`<ul class="files" data-words="${[previous, next, close].join('|')}">${found.map(file => link(file, page))}</ul>`
    : null
}

interface EvidenceFile {
  href: string
  /** Of its thumbnail, where its sender made one. */
  thumb: string | null
  sha256: string
  title: string
  size: number | null
  /** A kind of picture that browsers draw. */
  isPhoto: boolean
}

export const evidenceOf = ({ fields }: StepView, { base, words }: TrackContext): EvidenceFile[] =>
  Object.entries(fields).flatMap(([field, value]) => {
    if (!isFile(field) || !isObject(value)) return []
    const { sha256, name, size, type, thumb } = value
    const small = isObject(thumb) && typeof thumb.sha256 === 'string' && SHA256.test(thumb.sha256) && thumb.sha256
    if (typeof sha256 !== 'string' || !SHA256.test(sha256)) return []
    return {
      href: `${base}/files/${sha256}`,
      thumb: small ? `${base}/files/${small}` : null,
      sha256,
      title: inline(typeof name === 'string' && name !== '' ? name : words.timeline.files),
      size: typeof size === 'number' ? size : null,
      isPhoto: typeof type === 'string' && /^image\/(jpeg|png|webp|gif)$/.test(type),
    }
  })

const isObject = (value: FieldValue | undefined): value is Fields => typeof value === 'object'

const SHA256 = /^[0-9a-f]{64}$/

/** What a cheap phone may load without being asked, where there is no thumbnail. */
const SMALL = 1_048_576
const link = ({ href, thumb, title, size, isPhoto }: EvidenceFile, { words }: TrackContext): Html => {
  const shown = thumb ?? (isPhoto && size !== null && size <= SMALL ? href : null)
  const photo =
    shown !== null &&
    html`<img src="${shown}" alt="${words.timeline.photo(title)}" loading="lazy" width="96" height="96">`
  return html`<li><a href="${href}"${isPhoto && html` data-photo`}>${photo}<bdi>${title}</bdi></a> ${
    size !== null && html`<small>${words.timeline.size(size)}</small>`
  }</li>`
}
