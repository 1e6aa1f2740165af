import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Compress } from '../../routes/content-encoding.ts'

const brotli = promisify(brotliCompress)
const deflate = promisify(gzip)

const TEXT = { [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT }

/** zlib, in the threads of libuv, at a level: of brotli (0 to 11) and of gzip (1 to 9). */
const compressAt =
  (quality: number, level: number): Compress =>
  async (bytes, encoding) => {
    const packed =
      encoding === 'br'
        ? brotli(bytes, {
            params: {
              ...TEXT,
              [constants.BROTLI_PARAM_QUALITY]: quality,
              [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
            },
          })
        : deflate(bytes, { level })
    return new Uint8Array(await packed)
  }

/** For a page: beside the event loop, a quarter of its size. */
export const compressPage = compressAt(5, 6)
/** For a file, once: the smallest there is. */
export const compressFile = compressAt(constants.BROTLI_MAX_QUALITY, constants.Z_BEST_COMPRESSION)
