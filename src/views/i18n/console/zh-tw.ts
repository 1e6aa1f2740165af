import type { ConsoleWords } from './zh-cn.ts'

export const consoleZhTW: ConsoleWords = {
  skip: '跳到主要內容',
  nav: '主選單',
  language: '語言',
  signOut: '登出',
  roles: { merchant: '賣家', platform: '承辦人', supervisor: '主管' },
  rooms: { merchant: '賣家後台', platform: '承辦人工作台', supervisor: '承辦人工作台' },
}
