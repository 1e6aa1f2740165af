import type { Fields, FieldValue } from '../../complaint/step.ts'
import type { StepView } from '../../complaint/view/types.ts'
import { isFile } from '../../complaint/view/visibility.ts'
import type { TrackContext } from '../context.ts'
import { type Html, html, inline } from '../html.ts'

/** Evidence files as links; each is named by its SHA-256. */
export const files = ({ fields }: StepView, page: TrackContext): Html | null => {
  const found = Object.entries(fields).flatMap(([name, value]) => (isFile(name) && isObject(value) ? [value] : []))
  return found.length > 0 ? html`<ul class="files">${found.map(file => link(file, page))}</ul>` : null
}

const isObject = (value: FieldValue | undefined): value is Fields => typeof value === 'object'

const SHA256 = /^[0-9a-f]{64}$/

/** What a cheap phone may load without being asked. */
const SMALL = 1_048_576
const isSmallPhoto = ({ type, size }: Fields): boolean =>
  typeof type === 'string' && /^image\/(jpeg|png|webp|gif)$/.test(type) && typeof size === 'number' && size <= SMALL

const link = (file: Fields, { base, words }: TrackContext): Html | null => {
  const { sha256, name, size } = file
  if (typeof sha256 !== 'string' || !SHA256.test(sha256)) return null
  const title = inline(typeof name === 'string' && name !== '' ? name : words.timeline.files)
  const href = `${base}/files/${sha256}`
  const photo =
    isSmallPhoto(file) &&
    html`<img src="${href}" alt="${words.timeline.photo(title)}" loading="lazy" width="96" height="96">`
  return html`<li><a href="${href}">${photo}<bdi>${title}</bdi></a> ${
    typeof size === 'number' && html`<small>${words.timeline.size(size)}</small>`
  }</li>`
}
