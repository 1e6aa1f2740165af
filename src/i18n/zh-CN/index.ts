import { zhCN, zhCNForBuyer } from './complaint.ts'
import { zhCNPage } from './track.ts'

/** Words of the frame around every console. */
export const consoleZhCN = {
  skip: '跳到正文',
  nav: '主菜单',
  language: '语言',
  signOut: '退出登录',
  roles: { merchant: '商家', platform: '承办人', supervisor: '主管' },
  rooms: { merchant: '商家后台', platform: '承办人工作台', supervisor: '承办人工作台' },
  notFound: '这里没有您要找的投诉或页面。',
  badAddress: (names: string) => `这个地址里的条件看不懂${names && `：${names}`}。请回到列表重新选。`,
  toRoom: '回到工作台',
  /** The box that finds, above both lists. */
  onPhone: '来电时',
  callers:
    '先请对方报投诉编号和手机后四位，核对上了，再告诉本人这一页的进度、期限和双方说过的话；内部备注不要说。编号不分大小写，O 当 0，I 和 L 当 1。',
  search: {
    title: '查找投诉',
    label: '查找投诉',
    hint: '投诉编号、订单号或完整的手机号。',
    key: '按 / 回到这里。',
    submit: '查找',
    none: '没有找到。请核对编号；手机号要写完整。',
    order: '轮到您的在最前，其余按到期先后，已结束的在最后',
  },
  /** In place of “next”, where the list begins again. */
  again: '列表到头了，回到第一件',
  tabs: { title: '轮到谁', changed: '列表有了变化，点这里刷新' },
  shortcuts: {
    areOn: '单键快捷键（/ 和字母）已开',
    turnOff: '关闭单键快捷键',
    areOff: '单键快捷键已关',
    turnOn: '打开单键快捷键',
  },
  /** A form that was sent after its sender's session had ended. */
  late: {
    title: '登录已经过期，还没有发出去',
    text: '您写的都还在下面，什么也没有丢。请先登录（会在新标签页打开），再回到这一页发送。',
    signIn: '登录',
    written: (no: number) => `您写的内容 ${no}`,
    files: '照片、视频或 PDF（请重新选择）',
    send: '已经登录，重新发送',
    page: '不发了，回到那一页',
  },
}

export type ConsoleWords = typeof consoleZhCN

/** What the other languages are held against (`Messages`). */
export const zhCNMessages = { complaint: zhCN, forBuyer: zhCNForBuyer, track: zhCNPage, console: consoleZhCN }
