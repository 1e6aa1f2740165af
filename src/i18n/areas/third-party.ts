import type { Locale } from '../../complaint/words.ts'

/** Words for a courier, supplier or regulator who is asked for a statement, and for those who ask. */
const thirdPartyZhCN = {
  /** By what became of the request. */
  titles: { awaited: '请您说明情况', given: '已经收到您的说明', late: '说明的时限已过', ended: '投诉已经结束' },
  lead: (party: string, asker: string) => `处理一件消费投诉时，${asker}请${party}说明情况。`,
  about: '问题类型',
  by: '请在此之前答复',
  question: '请说明',
  note: '您的说明会公开给投诉的各方，写明日期，提交后不能修改。到时没有说明，也会记录。这里不显示买家的任何信息。',
  text: '您的说明',
  files: '照片、视频或 PDF',
  send: '提交说明',
  given: (when: string) => `已经收到您的说明，时间是 ${when}。`,
  yours: '您的说明',
  yourFiles: '您的文件',
  late: (when: string) => `时限已于 ${when} 过去，“没有说明”已经记录。这个链接不再接收内容。`,
  ended: '投诉已经结束，不再需要您的说明。这个链接不再接收内容。',
  refused: '没有收下：',
  asked: {
    title: '等第三方说明',
    note: '把链接发给对方。对方只看得到问题类型、您写的问题和自己的说明。',
    until: (party: string, when: string) => `${party}，最晚 ${when}`,
    link: '给对方的链接',
  },
}

type ThirdPartyWords = typeof thirdPartyZhCN

const thirdPartyZhTW: ThirdPartyWords = {
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

const thirdPartyEn: ThirdPartyWords = {
  titles: {
    awaited: 'Your statement is asked for',
    given: 'Your statement arrived',
    late: 'The time for a statement is over',
    ended: 'The complaint has ended',
  },
  lead: (party, asker) => `A consumer complaint needs a statement. Asked by: ${asker}. Asked of: ${party}.`,
  about: 'About',
  by: 'Please answer by',
  question: 'The question',
  note: 'The parties to the complaint will read your statement, with its date; it can’t be changed later. That none came is recorded too. Nothing of the buyer is shown here.',
  text: 'Your statement',
  files: 'Photos, a video or PDF',
  send: 'Send the statement',
  given: when => `Your statement arrived on ${when}.`,
  yours: 'Your statement',
  yourFiles: 'Your files',
  late: when => `The time ended on ${when}, and “no statement” was recorded. This link takes nothing any more.`,
  ended: 'The complaint has ended, and no statement is needed. This link takes nothing any more.',
  refused: 'Not taken: ',
  asked: {
    title: 'Statements awaited from outside',
    note: 'Send them the link. They see the kind of problem, your question and their own statement, nothing else.',
    until: (party, when) => `${party}, by ${when}`,
    link: 'Link for them',
  },
}

export const THIRD_PARTY_WORDS: Record<Locale, ThirdPartyWords> = {
  'zh-CN': thirdPartyZhCN,
  'zh-TW': thirdPartyZhTW,
  en: thirdPartyEn,
}
