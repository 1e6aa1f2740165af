import { expect, test } from 'vitest'
import { made, useServer } from '../../support/server.ts'
import * as scenes from '../scenes.ts'

const house = useServer()
const pageOf = async (room: string) => (await house.get(room, { Accept: 'text/html' })).text
const WEEK = 7 * 24

test('the page that answers a confirmation asks for stars; once they are given it does not', async () => {
  const filed = await scenes.confirmed(house)
  const page = await pageOf(filed.room)
  expect(page).toContain('谢谢您确认')
  expect(page).toContain(`action="${filed.room}/rating"`)
  expect(page).not.toContain('/follow-up"')
  made(await house.asBuyer(filed, 'rating', { score: '4', text: '还可以' }))
  expect(await pageOf(filed.room)).not.toContain(`action="${filed.room}/rating"`)
})

test('a week later one tap says whether it was really solved; a no shows the ways that are left', async () => {
  const filed = await scenes.confirmed(house)
  await house.advance(WEEK + 1)
  const page = await pageOf(filed.room)
  expect(page).toContain('<button name="solved" value="yes">')
  const answer = await house.form(filed, 'follow-up', { solved: 'no' })
  expect(answer.status).toBe(303)
  const after = await pageOf(filed.room)
  expect(after).toContain('买家回访：其实没有解决'.replace('买家', '您'))
  expect(after).toContain('其实没有解决？可以向外部投诉')
  expect(after).not.toContain('name="solved"')
})

test('a share link asks nobody', async () => {
  const filed = await scenes.confirmed(house)
  const { shareUrl = '' } = made(await house.asBuyer(filed, 'share-links'))
  await house.advance(WEEK + 1)
  const page = await pageOf(new URL(shareUrl).pathname)
  expect(page).not.toContain('/rating"')
  expect(page).not.toContain('/follow-up"')
})

test('an answer that is none is refused', async () => {
  const filed = await scenes.confirmed(house)
  await house.advance(WEEK + 1)
  const { status } = await house.asBuyer(filed, 'follow-up', { solved: 'perhaps' })
  expect(status).toBe(422)
})
