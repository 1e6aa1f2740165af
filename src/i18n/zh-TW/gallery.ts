import type { GalleryWords } from '../zh-CN/gallery.ts'

export const galleryZhTW: GalleryWords = {
  title: '樣頁',
  lead: '每個頁面的每種狀態，以虛構的投訴呈現。這裡不會記錄任何事情。',
  rooms: { track: '進度頁', merchant: '賣家後台', desk: '承辦台', intake: '提出投訴', front: '首頁、登入與其他' },
  refusals: '沒有辦成的原因',
  refusalsLead: '每一種拒絕，三方各自看到的說明。',
}
