/** Words of the frame around every console. */
export const consoleZhCN = {
  skip: '跳到正文',
  nav: '主菜单',
  language: '语言',
  signOut: '退出登录',
  roles: { merchant: '商家', platform: '承办人', supervisor: '主管' },
  rooms: { merchant: '商家后台', platform: '承办人工作台', supervisor: '承办人工作台' },
}

export type ConsoleWords = typeof consoleZhCN
