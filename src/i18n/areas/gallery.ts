import type { Locale } from '../../complaint/words.ts'

const galleryZhCN = {
  title: '样页',
  lead: '每个页面的每种状态，用假想的投诉画出来。这里什么也不会记录。',
  rooms: { track: '进度页', merchant: '商家后台', desk: '承办台', intake: '提交投诉', front: '首页、登录和其他' },
  refusals: '没有办成的原因',
  refusalsLead: '每一种拒绝，三方各自看到的话。',
}

type GalleryWords = typeof galleryZhCN

const galleryZhTW: GalleryWords = {
  title: '樣頁',
  lead: '每個頁面的每種狀態，以虛構的投訴呈現。這裡不會記錄任何事情。',
  rooms: { track: '進度頁', merchant: '賣家後台', desk: '承辦台', intake: '提出投訴', front: '首頁、登入與其他' },
  refusals: '沒有辦成的原因',
  refusalsLead: '每一種拒絕，三方各自看到的說明。',
}

const galleryEn: GalleryWords = {
  title: 'Gallery',
  lead: 'Every page in every condition, drawn from made-up complaints. Nothing is recorded here.',
  rooms: {
    track: 'Tracking page',
    merchant: 'Merchant console',
    desk: 'Officers’ desk',
    intake: 'Complaint form',
    front: 'Front page, sign-in and others',
  },
  refusals: 'Why something was refused',
  refusalsLead: 'Each refusal, in the words that each party reads.',
}

export const GALLERY_WORDS: Record<Locale, GalleryWords> = { 'zh-CN': galleryZhCN, 'zh-TW': galleryZhTW, en: galleryEn }
