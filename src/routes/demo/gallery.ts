import { Hono } from 'hono'
import type { PageContext } from '../../views/context.ts'
import { galleryPage } from '../../views/demo/page.ts'
import { qrFile } from '../../views/qr.ts'
import type { Deps } from '../deps.ts'
import { pageOf } from '../language.ts'
import { Problem } from '../problem.ts'

interface Specimen {
  room: 'track' | 'merchant' | 'desk' | 'intake' | 'front'
  name: string
  draw(page: PageContext, base: string): string
}

/** Demo mode alone: every page in every condition, for designers and tests. It knows no ledger and records nothing. */
export const galleryRoutes = (deps: Pick<Deps, 'pages'>, specimens: readonly Specimen[]) =>
  new Hono()
    .get('/', c => c.html(String(galleryPage(pageOf(c, deps), specimens))))
    .get('/:name', c =>
      c.html(known(c.req.param('name'), specimens).draw(pageOf(c, deps), `/gallery/${c.req.param('name')}`)),
    )
    .post('/:name/:act', c => c.redirect(`/gallery/${known(c.req.param('name'), specimens).name}`, 303))
    .get('/:name/files/:sha256', c => c.body(PHOTO, 200, { 'Content-Type': 'image/png' }))
    .get('/:name/share.svg', c => c.body(String(qrFile(c.req.url)), 200, { 'Content-Type': 'image/svg+xml' }))

const known = (wanted: string, specimens: readonly Specimen[]): Specimen => {
  const found = specimens.find(({ name }) => name === wanted)
  if (!found) throw new Problem('not_found')
  return found
}

/** Stands for every photo of the stories: a hill under the sun, 32 × 32. */
const PHOTO = Uint8Array.from(
  atob(
    'iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAIAAAD8GO2jAAAAY0lEQVR42mPYeeUZTRHDqAVD3oJPB/0giPoWwI1GRkPHAqymY7VjxFow9COZHvlgtCyCo/jebPyITAsImkukTQxUMRqPNQxUNBqrNQxUNxrNGgbamQ5BDDQ1fdSCUQtGLQAjAL5O3Rj0y74yAAAAAElFTkSuQmCC',
  ),
  letter => letter.charCodeAt(0),
)
