/** Words of what a buyer takes along to 12315 or a court: the pack, and the certificate of a missed deadline. */
export const outsideZhCN = {
  pack: {
    record: '投诉记录',
    form: '12315 填写内容',
    fileName: '12315 材料',
    intro: '在全国 12315 平台（www.12315.cn）填写投诉时，可以照抄以下内容，并上传“投诉记录”和“证据”文件夹里的文件。',
    who: '被投诉的商家',
    what: '商品和订单',
    wish: '诉求',
    time: '协商时间',
    course: '协商经过',
    way: '协商方式',
    result: '协商结果',
    missed: '逾期',
    check: (site: string) => `核验：打开 ${site}，选择“回执.json”，就能核对记录没有被改过。`,
    receipt: '回执',
    evidence: '证据',
    certificates: '逾期证明',
  },
  certificate: {
    title: '逾期证明',
    lead: (site: string) => `${site} 以存证日志的密钥签名证明：`,
    said: (who: string, due: string) => `${who}没有在 ${due}（北京时间）前处理这件投诉，记一次逾期。`,
    total: (who: string, due: string) => `这件投诉到 ${due}（北京时间）没有办结，超过总期限。当时应当处理的是${who}。`,
    complaint: '投诉编号',
    merchant: '商家',
    step: '记录在第几步',
    recorded: '记录时间',
    leaf: '存证条目',
    log: '存证日志',
    signature: '签名（JWS）',
    check: (address: string) => `核验：扫码，或打开 ${address}，把签名贴到“首条短信里的指纹，或者提交时的承诺”一栏。`,
    download: '下载签名',
    print: '打印或存为 PDF',
    back: '← 回到投诉进度',
  },
}

export type OutsideWords = typeof outsideZhCN

/** 存证说明: the evidence sheet, for a court, a notary or 12315. */
export const evidenceZhCN = {
  title: '存证说明',
  lead: (id: string, at: string) => `投诉编号 ${id}，生成于 ${at}（北京时间，下同）。`,
  about:
    '本页由平台的服务器按回执写成，供法院、公证处或 12315 阅读，本身没有签名。能核对的是回执文件 receipt.json：每一步都写进一本只能往后加的公开日志，改动或抽掉任何一步都查得出来。内容是否真实，本页不作判断；法律效力由受理机构认定。',
  save: '保存回执 receipt.json',
  course: '一、谁在什么时候说了什么',
  entry: (index: number) => `日志第 ${index + 1} 条，指纹`,
  file: (title: string) => `附件 ${title}，SHA-256`,
  checkpoint: '二、日志的检查点',
  checkpointNote: '检查点是整个日志在某一刻的指纹。以上每一步都算得到它，所以都在其中。',
  log: '日志名称',
  size: '日志条数',
  root: '根指纹',
  last: '最后一步',
  lastStep: (no: number, at: string) => `第 ${no} 步；到 ${at} 为止没有别的步骤，平台为此签了名`,
  note: '签名原文',
  witnesses: '三、独立见证方',
  witnessed: (name: string, at: string) => `${name}：${at} 看到并签名`,
  unwitnessed: '还没有独立见证方为这个检查点签名。',
  stamps: '四、可信时间戳（RFC 3161）',
  stamped: (at: string, no: number, size: number) => `${at}：第 1 至 ${no} 步当时已经存在（日志前 ${size} 条）`,
  unstamped: '回执里没有时间戳：平台没有请时间戳机构，或者还没有轮到这些步骤。',
  stampsNote: '时间戳说明最晚在那一刻已经存在。是哪家机构签的，请用该机构的证书核对。',
  how: '五、怎么核对',
  steps: [
    '保存回执。再准备信任策略 trust.txt，里面是日志和见证方的公钥。不要只用平台给的，最好向见证方、监管部门或别的审计者要。',
    '断网运行下面两个程序中的一个或两个。它们没有共同的代码，每项检查打印一行。有时间戳的，再用机构的证书核对。',
    '把本页的指纹与程序打印的内容逐条比对。',
    '联网加上 --log 日志地址，可以查出有没有藏起后来的步骤。',
  ],
  online: (address: string) => `也可以打开 ${address} 选择回执文件，文件不会离开这台设备。`,
  digest: 'receipt.json 的 SHA-256（核对时填写）',
  signature: '核对人签名和日期',
}

export type EvidenceWords = typeof evidenceZhCN

/** 投诉记录: the complaint on paper, for 12315 or a court. */
export const recordZhCN = {
  unmask: '显示完整手机号',
  title: '投诉记录',
  lead: (id: string, at: string) => `投诉编号 ${id}。以下是截至 ${at}（北京时间）的全部记录，按时间先后排列。`,
  back: '← 回到投诉进度',
  print: '打印或存为 PDF',
  parties: '双方和订单',
  negotiation: '协商情况',
  when: '协商时间',
  how: '协商方式',
  way: (brand: string) => `网上投诉，全程在${brand}留下记录`,
  result: '协商结果',
  course: '协商经过',
  leaf: '存证条目',
  signature: '本人签名和日期',
  verify: (address: string) =>
    `核验：打开 ${address}，选择存下来的回执（或用离线工具 tousu verify），逐条核对每一步下面的存证条目。`,
}
export type RecordWords = typeof recordZhCN
