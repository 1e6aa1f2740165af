import { expect, test } from 'vitest'
import { SPECIMENS } from '../../src/gallery/specimens.ts'
import { galleryRoutes } from '../../src/routes/gallery.ts'
import { openNode } from '../support/house.ts'
import { leafing } from './leafing.ts'

test('a demo shows every specimen', async () => {
  const house = await openNode()
  house.app.route('/gallery', galleryRoutes(house.deps, SPECIMENS))
  await leafing(house.fetch)
  await house.close()
})

test('outside demo mode there is no gallery', async () => {
  const house = await openNode(undefined, { demo: false })
  for (const path of ['/gallery', '/gallery/home']) expect((await house.fetch(path)).status).toBe(404)
  await house.close()
})
