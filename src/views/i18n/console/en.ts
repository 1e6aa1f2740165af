import type { ConsoleWords } from './zh-cn.ts'

export const consoleEn: ConsoleWords = {
  skip: 'Skip to content',
  nav: 'Main menu',
  language: 'Language',
  signOut: 'Sign out',
  roles: { merchant: 'Merchant', platform: 'Officer', supervisor: 'Supervisor' },
  rooms: { merchant: 'Merchant console', platform: 'Officer’s desk', supervisor: 'Officer’s desk' },
}
