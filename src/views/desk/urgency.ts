import { HOUR } from '../../complaint/time.ts'
import { type Html, html } from '../html.ts'
import { type DeskPage, wordsOf } from './context.ts'

const lookOf = (left: number): string => {
  if (left <= 0) return 'late'
  if (left <= 24 * HOUR) return 'today'
  return left <= 48 * HOUR ? 'soon' : 'calm'
}

/** 还剩 5 小时; the colour says again what the words say. */
const leftWords = (due: number, page: DeskPage): string => {
  const words = wordsOf(page)
  const time = page.dictionary.lasting(Math.floor(Math.abs(due - page.now) / 1000))
  return due > page.now ? words.left(time) : words.late(time)
}

export const badge = (due: number, page: DeskPage): Html =>
  html`<span class="badge ${lookOf(due - page.now)}">${leftWords(due, page)}</span>`
