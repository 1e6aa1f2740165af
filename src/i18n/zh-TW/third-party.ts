import type { ThirdPartyWords } from '../zh-CN/third-party.ts'

export const thirdPartyZhTW: ThirdPartyWords = {
  titles: { awaited: '請您說明情況', given: '已經收到您的說明', late: '說明的期限已過', ended: '投訴已經結案' },
  lead: (party, asker) => `處理一件消費投訴時，${asker}請${party}說明情況。`,
  about: '問題類型',
  by: '請在此之前回覆',
  question: '請說明',
  note: '您的說明會公開給投訴的各方，寫明日期，提交後不能修改。到時沒有說明，也會記錄。這裡不顯示買家的任何資料。',
  text: '您的說明',
  files: '照片、影片或 PDF',
  send: '提交說明',
  given: when => `已經收到您的說明，時間是 ${when}。`,
  yours: '您的說明',
  yourFiles: '您的檔案',
  late: when => `期限已於 ${when} 過去，「沒有說明」已經記錄。這個連結不再接收內容。`,
  ended: '投訴已經結束，不再需要您的說明。這個連結不再接收內容。',
  refused: '沒有收下：',
  asked: {
    title: '等第三方說明',
    note: '把連結傳給對方。對方只看得到問題類型、您寫的問題和自己的說明。',
    until: (party, when) => `${party}，最晚 ${when}`,
    link: '給對方的連結',
  },
}
