export const galleryZhCN = {
  title: '样页',
  lead: '每个页面的每种状态，用假想的投诉画出来。这里什么也不会记录。',
  rooms: { track: '进度页', merchant: '商家后台', desk: '承办台', intake: '提交投诉', front: '首页、登录和其他' },
  refusals: '没有办成的原因',
  refusalsLead: '每一种拒绝，三方各自看到的话。',
}

export type GalleryWords = typeof galleryZhCN
