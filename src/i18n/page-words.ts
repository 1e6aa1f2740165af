import type { zhCNPage } from './zh-CN/track.ts'

/** The words of the pages in one language; Chinese came first, so its table is the shape of all. */
export type PageWords = typeof zhCNPage
