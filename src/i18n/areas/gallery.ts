import type { Locale } from '../../complaint/words.ts'
import { galleryEn } from '../en/gallery.ts'
import { type GalleryWords, galleryZhCN } from '../zh-CN/gallery.ts'
import { galleryZhTW } from '../zh-TW/gallery.ts'

export const GALLERY_WORDS: Record<Locale, GalleryWords> = { 'zh-CN': galleryZhCN, 'zh-TW': galleryZhTW, en: galleryEn }
