import { expect, test } from 'vitest'
import type { FileStore } from '../../src/files/store.ts'
import { hashOf, PDF, PNG } from '../routes/uploads.ts'

/** Contract of the file stores, on both hosts. @param uploads What lies under a temporary name. */
export const testFileStore = (open: () => Promise<{ store: FileStore; uploads: () => Promise<unknown[]> }>): void => {
  const stored = async (store: FileStore, complaint: string, sha256: string) => {
    const file = await store.get(complaint, sha256)
    return file && hashOf(new Uint8Array(file))
  }

  test('evidence: an upload becomes a complaint’s file when it is kept, and can be kept again until it is discarded', async () => {
    const { store, uploads } = await open()
    const [complaint, sha256] = ['ABCDEFGHJK', hashOf(PNG)]
    const staged = await store.stage(PNG)
    expect(await store.get(complaint, sha256)).toBeNull()
    expect([await staged.keep(complaint, sha256), await staged.keep(complaint, sha256)]).toEqual([true, false])
    await store.remove(complaint, sha256)
    expect(await staged.keep(complaint, sha256)).toBe(true)
    expect(await stored(store, complaint, sha256)).toBe(sha256)
    const other = await store.stage(PDF)
    await other.keep(complaint, hashOf(PDF))
    expect(await store.used(complaint)).toBe(PNG.length + PDF.length)
    expect(await store.used('ABCDEFGHJ')).toBe(0)
    for (const each of [staged, other]) await each.discard()
    expect(await uploads()).toEqual([])
    await store.remove(complaint, sha256)
    await store.remove(complaint, sha256)
    expect([await store.get(complaint, sha256), await store.used(complaint)]).toEqual([null, PDF.length])
  })

  test('orphaned files: what a crash left goes after its time, what a step refers to stays', async () => {
    const { store, uploads } = await open()
    const complaint = 'BBCDEFGHJK'
    for (const file of [PNG, PDF]) await (await store.stage(file)).keep(complaint, hashOf(file))
    await store.stage(PNG)
    const isReferred = async (_: string, sha256: string) => sha256 === hashOf(PNG)
    await store.sweep(Date.now() - 60_000, isReferred)
    expect([(await uploads()).length > 0, await store.used(complaint)]).toEqual([true, PNG.length + PDF.length])
    await store.sweep(Date.now() + 60_000, isReferred)
    expect([await uploads(), await store.used(complaint)]).toEqual([[], PNG.length])
    expect(await stored(store, complaint, hashOf(PNG))).toBe(hashOf(PNG))
  })
}
