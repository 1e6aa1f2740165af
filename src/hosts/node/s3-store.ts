import { AwsClient } from 'aws4fetch'
import type { FileSettings } from '../../config/settings.ts'
import { type ObjectStore, StorageFull } from '../../files/store.ts'

/** Of an answer; a file is sent at some 100 KB a second at least. */
const TIMEOUT_MS = 100_000

/** S3's own error codes (`NoSuchKey`) say no more than the status does, and a body may repeat a key. */
export class S3Error extends Error {
  constructor(method: string, status: number | 'no answer') {
    super(`the file store: ${method} ${status}`)
  }
}

/**
 * A bucket of a service that speaks S3 (REST, path-style addresses, Signature Version 4). Any process may use it at the same time.
 * Throws S3Error, and StorageFull where a file can't be stored.
 */
export const s3Store = ({
  bucket,
  endpoint,
  region,
  ...keys
}: Exclude<FileSettings, { folder: string }>): ObjectStore => {
  const client = new AwsClient({ ...keys, region, service: 's3', retries: 2 })
  const home = `${endpoint}/${bucket}`

  /** The answer where its status is 2xx or one of `others`. */
  const ask = async (address: string, init: RequestInit, ...others: number[]): Promise<Response> => {
    const { method = 'GET' } = init
    const answer = await client
      .fetch(home + address, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) })
      .catch(() => null)
    if (answer === null) throw new S3Error(method, 'no answer')
    if (answer.ok || others.includes(answer.status)) return answer
    await answer.body?.cancel()
    throw new S3Error(method, answer.status)
  }

  return {
    put: async (key, bytes) => {
      try {
        await ask(`/${key}`, { method: 'PUT', body: new Uint8Array(bytes) })
      } catch (error) {
        throw new StorageFull('', { cause: error })
      }
    },
    get: async key => {
      const answer = await ask(`/${key}`, {}, 404)
      const bytes = new Uint8Array(await answer.arrayBuffer())
      return answer.ok ? bytes : null
    },
    has: async key => (await ask(`/${key}`, { method: 'HEAD' }, 404)).ok,
    copy: async (from, to) => {
      const answer = await ask(`/${to}`, { method: 'PUT', headers: { 'x-amz-copy-source': `/${bucket}/${from}` } })
      // CopyObject: an error may come after the 200 was sent.
      if (!(await answer.text()).includes('<CopyObjectResult')) throw new S3Error('COPY', answer.status)
    },
    remove: async key => void (await ask(`/${key}`, { method: 'DELETE' }, 404)),
    async *list(prefix) {
      for (let after = '', more = true; more; ) {
        // ListObjects, version 1: every service has it.
        const query = new URLSearchParams({ prefix, marker: after })
        const page = await (await ask(`?${query}`, {})).text()
        for (const [, item = ''] of page.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
          after = textOf(item, 'Key')
          yield { key: after, size: Number(textOf(item, 'Size')), storedAt: Date.parse(textOf(item, 'LastModified')) }
        }
        more = textOf(page, 'IsTruncated') === 'true'
      }
    },
  }
}

/** ListObjects answers in XML without attributes, and none of our keys needs an entity. */
const textOf = (xml: string, element: string): string =>
  new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml)?.[1] ?? ''
