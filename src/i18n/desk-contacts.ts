import type { Locale } from '../complaint/words.ts'

/** Where the desks' reminders go. */
const zhCN = {
  title: '到期提醒',
  text: '有投诉快到期时，汇总成短信发到这里。留空就不再提醒。',
  platform: '承办人值班手机',
  supervisor: '主管手机',
  now: (tail: string) => `现在是尾号 ${tail} 的手机。`,
  none: '现在没有设置，不会收到短信。',
  save: '保存',
  saved: '已保存。',
}
type ContactWords = typeof zhCN

const zhTW: ContactWords = {
  title: '到期提醒',
  text: '有投訴快到期時，彙整成一則簡訊傳到這裡。留空就不再提醒。',
  platform: '承辦人值班手機',
  supervisor: '主管手機',
  now: tail => `目前是末碼 ${tail} 的手機。`,
  none: '目前沒有設定，不會收到簡訊。',
  save: '儲存',
  saved: '已儲存。',
}

const en: ContactWords = {
  title: 'Reminders',
  text: 'When complaints come close to their deadline, one text message sums them up. Leave it empty to stop.',
  platform: 'Mobile number of the officers on duty',
  supervisor: 'Mobile number of the supervisor',
  now: tail => `At present the number ending in ${tail}.`,
  none: 'None is set, so no messages are sent.',
  save: 'Save',
  saved: 'Saved.',
}

export const contactWords: Record<Locale, ContactWords> = { 'zh-CN': zhCN, 'zh-TW': zhTW, en }
