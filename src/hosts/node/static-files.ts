/**
 * Static files, read, freed of what no browser reads, and hashed when the server starts, and compressed when first asked for. A page names them with a hash of
 * their bytes (`/app.1a2b3c4d.css`), so a browser keeps them for good and never shows a new page with an old style sheet.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { constants, createBrotliCompress, createGzip } from 'node:zlib'
import type { Context, MiddlewareHandler } from 'hono'
import { type Compress, type Encoding, encodingFor, isKnown } from '../../routes/headers.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
}
const FOREVER = 'public, max-age=31536000, immutable'
const AN_HOUR = 'public, max-age=3600'

interface StaticFile {
  bytes: Uint8Array<ArrayBuffer>
  type: string
  etag: string
  /** Made when first asked for; all who ask meanwhile share one. */
  packed: Map<Encoding, Promise<Uint8Array<ArrayBuffer>>>
}

const HASHED = /^(.+)\.[\w-]{8}(\.[a-z]+)$/
const hashed = (name: string, hash: string): string => name.replace(/(\.[a-z]+)$/, `.${hash}$1`)

/** The files of a folder: a handler, and the address of each by its name. Files of other types are not served. */
export const openStaticFiles = (folder: string) => {
  const files = new Map<string, StaticFile>()
  const urls: Record<string, string> = {}
  for (const name of readdirSync(folder)) {
    const type = TYPES[extname(name)]
    if (type === undefined) continue
    const bytes = new Uint8Array(reduced(extname(name), readFileSync(join(folder, name))))
    const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 8)
    files.set(`/${name}`, { bytes, type, etag: `"${hash}"`, packed: new Map() })
    urls[name] = `/${hashed(name, hash)}`
  }
  const addresses = new Set(Object.values(urls))

  const serve: MiddlewareHandler = async (c, next) => {
    if (c.req.method !== 'GET') return next()
    const { path } = c.req
    // A page of another version names another hash: it gets what there is, but not for good.
    const file = files.get(path) ?? files.get(path.replace(HASHED, '$1$2'))
    return file ? send(c, file, addresses.has(path) ? FOREVER : AN_HOUR) : next()
  }
  return { urls, serve }
}

/**
 * Comments, and in a style sheet the white space between its parts: no browser reads them, and they are a fifth of what a phone
 * would load. Comments of whole lines alone: what stands behind code, or in a text, stays.
 */
const UNREAD: Readonly<Record<string, readonly RegExp[]>> = {
  '.css': [/^[ \t]*\/\*[^*\n]*\*\/\n/gm, /(?<=[{};,:])\s*\n\s*/g, / (?={)/g],
  '.js': [/^[ \t]*(?:\/\/.*|\/\*\*.*\*\/)\n/gm],
}

const reduced = (type: string, bytes: Buffer): Buffer => {
  const unread = UNREAD[type]
  return unread ? Buffer.from(unread.reduce((text, each) => text.replace(each, ''), bytes.toString('utf8'))) : bytes
}

const send = async (c: Context, { bytes, type, etag, packed }: StaticFile, cacheControl: string): Promise<Response> => {
  const headers = { 'Cache-Control': cacheControl, ETag: etag, Vary: 'Accept-Encoding' }
  if (isKnown(c.req.header('if-none-match'), etag)) return c.body(null, 304, headers)
  const encoding = encodingFor(c.req.header('accept-encoding'))
  if (encoding === null) return c.body(bytes, 200, { ...headers, 'Content-Type': type })
  const made = packed.get(encoding) ?? compressFile(bytes, encoding)
  packed.set(encoding, made)
  const more = { 'Content-Encoding': encoding, 'Content-Type': type }
  // Not the same bytes, so not the same strong tag.
  return c.body(await made, 200, { ...headers, ...more, ETag: `W/${etag}` })
}

const TEXT = { [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT }

/** Sliding window (RFC 7932, 9.1) of no more than the text needs: a sixth less CPU for a page, and the same bytes. */
const windowFor = (length: number): number =>
  Math.min(constants.BROTLI_DEFAULT_WINDOW, Math.max(16, Math.ceil(Math.log2(length + 16))))

/** More than either format makes of bytes that nothing can compress. */
const mostOf = (length: number): number => length + (length >> 8) + 1024

/**
 * zlib, in the threads of libuv, at a level: of brotli (0 to 11) and of gzip (1 to 9). `brotliCompress` gives the bytes to a thread
 * and then asks one for the end, and each answer waits for another turn of the event loop: beside many acts 20 ms. Here the first
 * job finishes the stream (`flush` is FINISH), and its output fits one chunk. `end` is not called: destroying a stream that is ending makes
 * an error with its stack for each page.
 */
const compressAt =
  (quality: number, level: number): Compress =>
  (bytes, encoding) =>
    new Promise((resolve, reject) => {
      const chunkSize = mostOf(bytes.length)
      const params = {
        ...TEXT,
        [constants.BROTLI_PARAM_QUALITY]: quality,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        [constants.BROTLI_PARAM_LGWIN]: windowFor(bytes.length),
      }
      const engine =
        encoding === 'br'
          ? createBrotliCompress({ params, chunkSize, flush: constants.BROTLI_OPERATION_FINISH })
          : createGzip({ level, chunkSize, flush: constants.Z_FINISH })
      engine.once('error', reject)
      engine.once('data', (packed: Buffer) => {
        engine.destroy()
        if (packed.length < chunkSize) resolve(new Uint8Array(packed))
        else reject(new RangeError('compressed output of more than one chunk'))
      })
      engine.write(bytes)
    })

/** For a page: beside the event loop, a quarter of its size. */
export const compressPage = compressAt(5, 6)
/** For a file, once: the smallest there is. */
const compressFile = compressAt(constants.BROTLI_MAX_QUALITY, constants.Z_BEST_COMPRESSION)
