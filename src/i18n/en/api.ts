import type { ApiWords } from '../zh-CN/api.ts'

export const apiEn: ApiWords = {
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
