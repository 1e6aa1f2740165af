import type { Locale } from '../../complaint/words.ts'

/** Words around the page that shows openapi.json. What the document itself says is in English, as its readers' programs are. */
const apiZhCN = {
  title: '接口',
  lead: '给商家和平台的程序使用。下面的说明由接口文档直接生成，用英文写；程序请读',
  common: '读取和查找',
  key: '要接口密钥',
  link: '凭买家的链接，不要密钥',
  parameters: '参数',
  body: '请求内容',
  answers: '答复',
  required: '必填',
  webhooks: '推送的事件',
  webhooksText: '每一步都会推送到商家登记的地址：',
  schemas: '数据结构',
}

type ApiWords = typeof apiZhCN

const apiZhTW: ApiWords = {
  title: 'API',
  lead: '給賣家和平台的程式使用。以下說明由 API 文件直接產生，以英文書寫；程式請讀',
  common: '讀取和尋找',
  key: '需要 API 金鑰',
  link: '憑買家的連結，不需金鑰',
  parameters: '參數',
  body: '請求內容',
  answers: '回應',
  required: '必填',
  webhooks: '推送的事件',
  webhooksText: '每一步都會推送到賣家登記的網址：',
  schemas: '資料結構',
}

const apiEn: ApiWords = {
  title: 'API',
  lead: 'For programs of sellers and of the platform. Drawn from the document itself, which programs read at',
  common: 'Reading and finding',
  key: 'needs an API key',
  link: 'by the buyer’s link, without a key',
  parameters: 'Parameters',
  body: 'Body',
  answers: 'Answers',
  required: 'required',
  webhooks: 'Events that are pushed',
  webhooksText: 'Each step is posted to the addresses that a seller registered:',
  schemas: 'Schemas',
}

export const API_WORDS: Record<Locale, ApiWords> = { 'zh-CN': apiZhCN, 'zh-TW': apiZhTW, en: apiEn }
