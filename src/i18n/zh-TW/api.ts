import type { ApiWords } from '../zh-CN/api.ts'

export const apiZhTW: ApiWords = {
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
