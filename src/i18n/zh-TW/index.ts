import type { Messages } from '../index.ts'
import type { ConsoleWords } from '../zh-CN/index.ts'
import { zhTW, zhTWForBuyer } from './complaint.ts'
import { zhTWPage } from './track.ts'

const consoleZhTW: ConsoleWords = {
  skip: '跳到主要內容',
  nav: '主選單',
  language: '語言',
  signOut: '登出',
  roles: { merchant: '賣家', platform: '承辦人', supervisor: '主管' },
  rooms: { merchant: '賣家後台', platform: '承辦人工作台', supervisor: '承辦人工作台' },
  notFound: '這裡沒有您要找的投訴或頁面。',
  badAddress: names => `這個網址裡的條件看不懂${names && `：${names}`}。請回到列表重新選擇。`,
  toRoom: '回到工作台',
  onPhone: '來電時',
  callers:
    '先請對方報投訴編號和手機末四碼，核對無誤，再告訴本人這一頁的進度、期限和雙方說過的話；內部備註不要說。編號不分大小寫，O 當 0，I 和 L 當 1。',
  search: {
    title: '尋找投訴',
    label: '尋找投訴',
    hint: '投訴編號、訂單編號或完整的手機號碼。',
    key: '按 / 回到這裡。',
    submit: '尋找',
    none: '沒有找到。請核對編號；手機號碼要寫完整。',
    order: '輪到您的在最前，其餘依到期先後，已結束的在最後',
  },
  again: '清單到底了，回到第一件',
  tabs: { title: '輪到誰', changed: '清單有了變化，按這裡重新整理' },
  shortcuts: {
    areOn: '單鍵快速鍵（/ 和字母）已開',
    turnOff: '關閉單鍵快速鍵',
    areOff: '單鍵快速鍵已關',
    turnOn: '開啟單鍵快速鍵',
  },
  late: {
    title: '登入已逾時，還沒有送出',
    text: '您寫的內容都還在下面，沒有遺失。請先登入（會在新分頁開啟），再回到這一頁送出。',
    signIn: '登入',
    written: no => `您寫的內容 ${no}`,
    files: '照片、影片或 PDF（請重新選擇）',
    send: '已經登入，重新送出',
    page: '不送了，回到那一頁',
  },
}

export const zhTWMessages: Messages = { complaint: zhTW, forBuyer: zhTWForBuyer, track: zhTWPage, console: consoleZhTW }
