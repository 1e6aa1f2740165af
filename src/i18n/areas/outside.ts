import type { Locale } from '../../complaint/words.ts'

/** Words of what a buyer takes along to 12315 or a court: the pack, and the certificate of a missed deadline. */
const outsideZhCN = {
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

type OutsideWords = typeof outsideZhCN

/** 存证说明: the evidence sheet, for a court, a notary or 12315. */
const evidenceZhCN = {
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
const recordZhCN = {
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
type RecordWords = typeof recordZhCN

const outsideZhTW: OutsideWords = {
  pack: {
    record: '投訴記錄',
    form: '12315 填寫內容',
    fileName: '12315 資料',
    intro:
      '在中國大陸的全國 12315 平台（www.12315.cn）填寫投訴時，可以照抄以下內容，並上傳「投訴記錄」和「證據」資料夾裡的檔案。',
    who: '被投訴的商家',
    what: '商品和訂單',
    wish: '訴求',
    time: '協商時間',
    course: '協商經過',
    way: '協商方式',
    result: '協商結果',
    missed: '逾期',
    check: site => `查核：打開 ${site}，選擇「回執.json」，就能核對記錄沒有被改過。`,
    receipt: '回執',
    evidence: '證據',
    certificates: '逾期證明',
  },
  certificate: {
    title: '逾期證明',
    lead: site => `${site} 以存證日誌的金鑰簽名證明：`,
    said: (who, due) => `${who}沒有在 ${due}（北京時間）前處理這件投訴，記一次逾期。`,
    total: (who, due) => `這件投訴到 ${due}（北京時間）沒有辦結，超過總期限。當時應當處理的是${who}。`,
    complaint: '投訴編號',
    merchant: '商家',
    step: '記錄在第幾步',
    recorded: '記錄時間',
    leaf: '存證條目',
    log: '存證日誌',
    signature: '簽名（JWS）',
    check: address => `查核：掃碼，或打開 ${address}，把簽名貼到「首則簡訊裡的指紋，或者送出時的承諾」一欄。`,
    download: '下載簽名',
    print: '列印或存為 PDF',
    back: '← 回到投訴進度',
  },
}

const evidenceZhTW: EvidenceWords = {
  title: '存證說明',
  lead: (id, at) => `投訴編號 ${id}，產生於 ${at}（北京時間，下同）。`,
  about:
    '本頁由平台的伺服器按回執寫成，供法院、公證處或 12315 閱讀，本身沒有簽章。能核對的是回執檔案 receipt.json：每一步都寫進一本只能往後加的公開日誌，改動或抽掉任何一步都查得出來。內容是否真實，本頁不作判斷；法律效力由受理機構認定。',
  save: '儲存回執 receipt.json',
  course: '一、誰在什麼時候說了什麼',
  entry: index => `日誌第 ${index + 1} 條，指紋`,
  file: title => `附件 ${title}，SHA-256`,
  checkpoint: '二、日誌的檢查點',
  checkpointNote: '檢查點是整個日誌在某一刻的指紋。以上每一步都算得到它，所以都在其中。',
  log: '日誌名稱',
  size: '日誌條數',
  root: '根指紋',
  last: '最後一步',
  lastStep: (no, at) => `第 ${no} 步；到 ${at} 為止沒有別的步驟，平台為此簽了章`,
  note: '簽章原文',
  witnesses: '三、獨立見證方',
  witnessed: (name, at) => `${name}：${at} 看到並簽章`,
  unwitnessed: '還沒有獨立見證方為這個檢查點簽章。',
  stamps: '四、可信時間戳（RFC 3161）',
  stamped: (at, no, size) => `${at}：第 1 至 ${no} 步當時已經存在（日誌前 ${size} 條）`,
  unstamped: '回執裡沒有時間戳：平台沒有請時間戳機構，或者還沒有輪到這些步驟。',
  stampsNote: '時間戳說明最晚在那一刻已經存在。是哪家機構簽的，請用該機構的憑證核對。',
  how: '五、怎麼核對',
  steps: [
    '儲存回執。再準備信任策略 trust.txt，裡面是日誌和見證方的公鑰。不要只用平台給的，最好向見證方、監管部門或別的稽核者要。',
    '斷網執行下面兩個程式中的一個或兩個。它們沒有共同的程式碼，每項檢查印出一行。有時間戳的，再用機構的憑證核對。',
    '把本頁的指紋與程式印出的內容逐條比對。',
    '連網加上 --log 日誌網址，可以查出有沒有藏起後來的步驟。',
  ],
  online: address => `也可以打開 ${address} 選擇回執檔案，檔案不會離開這台裝置。`,
  digest: 'receipt.json 的 SHA-256（核對時填寫）',
  signature: '核對人簽名和日期',
}

/** 投诉记录: the complaint on paper, for 12315 or a court. */
const recordZhTW: RecordWords = {
  unmask: '顯示完整手機號碼',
  title: '投訴紀錄',
  lead: (id, at) => `投訴編號 ${id}。以下是截至 ${at}（北京時間）的全部紀錄，按時間先後排列。`,
  back: '← 回到投訴進度',
  print: '列印或存成 PDF',
  parties: '雙方和訂單',
  negotiation: '協商情況',
  when: '協商時間',
  how: '協商方式',
  way: brand => `線上投訴，全程在${brand}留下紀錄`,
  result: '協商結果',
  course: '協商經過',
  leaf: '存證條目',
  signature: '本人簽名和日期',
  verify: address =>
    `核驗：打開 ${address}，選擇存下來的回執（或用離線工具 tousu verify），逐條核對每一步下面的存證條目。`,
}

const outsideEn: OutsideWords = {
  pack: {
    record: 'Record',
    form: 'For the form of 12315',
    fileName: 'For 12315',
    intro:
      'On the national 12315 website (www.12315.cn) you can copy what follows, and upload the record and the files of the folder “Evidence”.',
    who: 'Seller complained about',
    what: 'Item and order',
    wish: 'What is asked for',
    time: 'Negotiated from and until',
    course: 'Course of the negotiation',
    way: 'Way of negotiation',
    result: 'Result of the negotiation',
    missed: 'Missed deadlines',
    check: site => `To check: open ${site} and choose “Receipt.json”. It shows that nothing was changed.`,
    receipt: 'Receipt',
    evidence: 'Evidence',
    certificates: 'Missed deadlines',
  },
  certificate: {
    title: 'Certificate of a missed deadline',
    lead: site => `${site} certifies, with the key of its log:`,
    said: (who, due) =>
      `${who} did not act on this complaint by ${due} (Beijing time). That is recorded as a missed deadline.`,
    total: (who, due) =>
      `This complaint had not ended by ${due} (Beijing time), past its total time. Whose turn it was: ${who}.`,
    complaint: 'Complaint',
    merchant: 'Seller',
    step: 'Recorded as step',
    recorded: 'Recorded',
    leaf: 'Entry in the log',
    log: 'Log',
    signature: 'Signature (JWS)',
    check: address =>
      `To check: scan the code, or open ${address} and paste the signature into the field “Fingerprint or promise”.`,
    download: 'Download the signature',
    print: 'Print or save as PDF',
    back: '← Back to the complaint',
  },
}

const evidenceEn: EvidenceWords = {
  title: 'Evidence sheet',
  lead: (id, at) => `Complaint ${id}, made at ${at} (Beijing time, as all times below).`,
  about:
    'The platform’s server wrote this sheet from the receipt, for a court, a notary or 12315 (consumer hotline in China). It bears no signature itself. What can be checked is the file receipt.json: each step stands in a public log that only grows, and a step that was changed or taken out shows. Whether what was said is true is not judged here; what it is worth in law is for the body that hears the case.',
  save: 'Save the receipt, receipt.json',
  course: '1. Who said what, and when',
  entry: index => `entry ${index + 1} of the log, fingerprint`,
  file: title => `File ${title}, SHA-256`,
  checkpoint: '2. The log’s checkpoint',
  checkpointNote:
    'A checkpoint is the fingerprint of the whole log at one moment. It can be computed from each step above, so each is in it.',
  log: 'Name of the log',
  size: 'Entries',
  root: 'Root hash',
  last: 'Last step',
  lastStep: (no, at) => `step ${no}; the platform signed that there was no other up to ${at}`,
  note: 'As it was signed',
  witnesses: '3. Independent witnesses',
  witnessed: (name, at) => `${name}: seen and signed at ${at}`,
  unwitnessed: 'No independent witness has signed this checkpoint yet.',
  stamps: '4. Trusted time stamps (RFC 3161)',
  stamped: (at, no, size) => `${at}: steps 1 to ${no} were there by then (the first ${size} entries of the log)`,
  unstamped: 'The receipt has no time stamp: the platform asks no authority, or these steps have not had their turn.',
  stampsNote:
    'A time stamp says that something was there by then at the latest. Whose it is, check with the authority’s certificate.',
  how: '5. How to check',
  steps: [
    'Save the receipt, and prepare the trust policy trust.txt with the keys of the log and its witnesses. Do not rely on the platform’s own copy alone: ask a witness, a regulator or another auditor.',
    'Run one or both of these programs without a network. They share no code, and print a line for each check. Check time stamps with the authority’s certificate.',
    'Compare the fingerprints on this sheet with what the programs print.',
    'With a network, add --log and the log’s address: this shows whether a later step is hidden.',
  ],
  online: address => `Or open ${address} and choose the receipt; the file does not leave the device.`,
  digest: 'SHA-256 of receipt.json (filled in when it was checked)',
  signature: 'Signature of who checked it, and date',
}

/** 投诉记录: the complaint on paper, for 12315 or a court. */
const recordEn: RecordWords = {
  unmask: 'Show the whole phone number',
  title: 'Record of the complaint',
  lead: (id, at) => `Complaint ${id}. Everything recorded up to ${at} (Beijing time), in order of time.`,
  back: '← Back to the complaint',
  print: 'Print or save as PDF',
  parties: 'Parties and order',
  negotiation: 'Negotiation',
  when: 'When',
  how: 'How',
  way: brand => `Online, every step recorded by ${brand}`,
  result: 'Result',
  course: 'What happened',
  leaf: 'Log entry',
  signature: 'Signature and date',
  verify: address =>
    `To check it, open ${address} and choose the receipt that was saved (or use the offline tool, tousu verify), then compare the log entry below each step.`,
}

export const OUTSIDE_WORDS: Record<Locale, OutsideWords> = { 'zh-CN': outsideZhCN, 'zh-TW': outsideZhTW, en: outsideEn }

export const RECORD_WORDS: Record<Locale, RecordWords> = { 'zh-CN': recordZhCN, 'zh-TW': recordZhTW, en: recordEn }

export const EVIDENCE_WORDS: Record<Locale, EvidenceWords> = {
  'zh-CN': evidenceZhCN,
  'zh-TW': evidenceZhTW,
  en: evidenceEn,
}
