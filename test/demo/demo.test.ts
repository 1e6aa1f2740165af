import { expect, test } from 'vitest'
import { drawPhoto, SCENES, type Scene } from '../../src/demo/photos.ts'
import { asEvidence } from '../../src/files/evidence.ts'
import { pixelSize } from '../../src/files/raster.ts'
import { hurriedWebhooks } from '../../src/hosts/node/demo.ts'
import type { Posted } from '../../src/notify/webhooks/deliver.ts'

test.each(Object.keys(SCENES) as Scene[])(
  'the photo %s is a picture that is kept to the byte, and small',
  async scene => {
    const photo = await drawPhoto(scene)
    expect(asEvidence(photo)?.bytes).toEqual(photo)
    expect(pixelSize('image/png', photo)).toEqual({ width: 480, height: 640 })
    expect(photo.length).toBeLessThan(20_000)
  },
)

const post = (poster: ReturnType<typeof hurriedWebhooks>['poster'], url: string) =>
  poster.post(url, {}, '', new AbortController().signal)

test('while the clock moves, an endpoint that fails is asked once, and one that answers each time', async () => {
  const asked: string[] = []
  const { poster, whileMoving } = hurriedWebhooks({
    post: async url => {
      asked.push(url)
      return url === 'dead' ? { failed: 'unreachable' } : { status: 204 }
    },
  })
  const told: Posted[] = []
  await whileMoving(async () => {
    for (const url of ['dead', 'dead', 'well', 'dead', 'well']) told.push(await post(poster, url))
  })
  expect(told).toEqual([
    { failed: 'unreachable' },
    { failed: 'unreachable' },
    { status: 204 },
    { failed: 'unreachable' },
    { status: 204 },
  ])
  expect(asked).toEqual(['dead', 'well', 'well'])
  // The next move asks again, and so does a clock that stands by itself.
  await whileMoving(async () => void (await post(poster, 'dead')))
  await post(poster, 'dead')
  expect(asked).toHaveLength(5)
})

test('an endpoint that says nothing holds up a move once', async () => {
  let asked = 0
  const { poster, whileMoving } = hurriedWebhooks({ post: () => new Promise(() => asked++) })
  const told: Posted[] = []
  await whileMoving(async () => {
    for (let i = 0; i < 50; i++) told.push(await post(poster, 'silent'))
  })
  expect([told.length, asked]).toEqual([50, 1])
  expect(told.every(each => 'failed' in each && each.failed === 'timeout')).toBe(true)
})
