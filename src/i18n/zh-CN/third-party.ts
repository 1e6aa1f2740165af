/** Words for a courier, supplier or regulator who is asked for a statement, and for those who ask. */
export const thirdPartyZhCN = {
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

export type ThirdPartyWords = typeof thirdPartyZhCN
