import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import S3rver from 's3rver'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { objectFileStore, StorageFull } from '../../../src/files/store.ts'
import { folderStore, s3Store } from '../../../src/hosts/node/file-store.ts'
import { createApp } from '../../../src/routes/app.ts'
import { testFileStore } from '../../files/store-contract.ts'
import { hashOf, PNG, upload } from '../../routes/uploads.ts'
import { expectProblem, made, TestServer, useServer } from '../../support/server.ts'

const folder = mkdtempSync(join(tmpdir(), 'tousu-files-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a folder', () => {
  const files = join(folder, 'files')
  testFileStore(async () => ({ store: folderStore(files), uploads: async () => readdirSync(join(files, 'uploads')) }))
})

describe('a bucket', () => {
  const house = useServer({ refuses: 503 })
  // It knows one key, and checks no Signature Version 4 beyond its form.
  const s3 = new S3rver({
    ...{ port: 0, address: '127.0.0.1', silent: true, directory: join(folder, 's3') },
    configureBuckets: [{ name: 'tousu' }],
  })
  const key = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' }
  let endpoint = ''
  beforeAll(async () => {
    endpoint = `http://127.0.0.1:${(await s3.run()).port}`
  })
  afterAll(() => s3.close())
  const bucket = (over = {}) => s3Store({ bucket: 'tousu', endpoint, region: 'us-east-1', ...key, ...over })
  const open = (over = {}) => objectFileStore(bucket(over))
  const listed = async (prefix: string) => {
    const keys: string[] = []
    for await (const { key } of bucket().list(prefix)) keys.push(key)
    return keys
  }
  const houseWith = (files: ReturnType<typeof open>) => {
    const app = createApp({ ...house.door.deps, files })
    return new TestServer({ ...house.door, fetch: async (path: string, init?: RequestInit) => app.request(path, init) })
  }

  testFileStore(async () => ({
    store: open(),
    uploads: () => listed('uploads/'),
  }))

  test('a list goes on behind its first thousand', async () => {
    const store = bucket()
    const keys = Array.from({ length: 1003 }, (_, i) => `many/${i}`)
    for (let i = 0; i < keys.length; i += 100)
      await Promise.all(keys.slice(i, i + 100).map(each => store.put(each, PNG)))
    const found = await listed('many/')
    expect(found.toSorted()).toEqual(keys.toSorted())
  })

  test('what one process stored another shows', async () => {
    const filed = await house.submit()
    const { body, headers } = await upload([['a.png', PNG]])
    made(await houseWith(open()).send(`${filed.room}/evidence`, body, { ...headers, Accept: 'application/json' }))
    const shown = await houseWith(open()).door.fetch(`${filed.room}/files/${hashOf(PNG)}`)
    expect([shown.status, new Uint8Array(await shown.arrayBuffer())]).toEqual([200, PNG])
  })

  test('a key that is not known, and a server that is not there: no file is taken, and texts are', async () => {
    const filed = await house.submit()
    const absent = { endpoint: 'http://127.0.0.1:9' }
    for (const files of [open({ accessKeyId: 'NOBODY' }), open(absent)]) {
      await expect(files.stage(PNG)).rejects.toThrow(StorageFull)
      const town = houseWith(files)
      const { body, headers } = await upload([['a.png', PNG]])
      const refused = await town.send(`${filed.room}/evidence`, body, { ...headers, Accept: 'application/json' })
      expectProblem(refused, 503, 'storage_full')
      const text = JSON.stringify({ text: '还在' })
      made(
        await town.send(`${filed.room}/messages`, text, {
          'Content-Type': 'application/json',
          Accept: 'application/json',
        }),
      )
    }
    await expect(open(absent).get('ABCDEFGHJK', hashOf(PNG))).rejects.toThrow('the file store: GET no answer')
  })
})
