import type { Locale } from '../../complaint/words.ts'

/** Words of the complaint form, of what comes after it, and of the demo's shop. */
const intakeZhCN = {
  title: '投诉这笔订单',
  lead: '写清楚发生了什么、想怎么解决。提交以后，每一步由谁处理、最晚什么时候，您都看得到。',
  order: {
    title: '订单',
    orderId: '订单号',
    item: '商品',
    merchant: '店铺',
    paid: '实付',
    phone: '手机号',
    phoneHint: '进度短信发到这个号码',
  },
  fields: {
    category: '是哪一类问题',
    statement: '发生了什么',
    statementHint: '收到的是什么样、什么时候、和谁联系过、对方怎么说',
    remedy: '想怎么解决',
    amount: '金额（元）',
    amountHint: (paid: string) => `退款不填就是全部退 ${paid}；换货、维修、道歉不用填`,
    name: '怎么称呼您',
    nameHint: '商家和平台会看到',
    files: '照片或凭证',
    filesHint: '最多 10 个，每个不超过 10 MB：照片、PDF、短视频。照片里的拍摄位置会自动去掉',
  },
  who: '您写的和照片，商家和平台承办人会看到。',
  submit: '提交投诉',
  atMost: (amount: string) => `最多 ${amount}`,
  busy: '现在暂时提交不了，什么都没有记录。您写的内容还在，请过一会儿再提交。',
  unsigned: '没能核对您手机上的签名，什么都没有记录。您写的内容还在，请再点一次“提交投诉”：这次不带签名，照样受理。',
  photosText: '提交投诉时附上的照片和凭证。',
  draft: {
    restored: '已恢复您上次没写完的内容。',
    drop: '清空重写',
  },
  filed: {
    title: '投诉已提交',
    next: '接下来',
    mustAct: (who: string, when: string) => `现在由${who}处理，最晚 ${when}。`,
    track: '查看进度',
    sms: (phone: string) => `这个链接也会用短信发到 ${phone}。拿着链接的人可以替您操作，请不要转给别人。`,
    code: '取件码',
    codeHint: '没有链接时，在首页填取件码和手机号后 4 位也能查。请截图或抄下来。',
    photosMissing: '投诉已经提交，但照片没有存上。请打开进度页，用“补充凭证”再传一次。',
    keep: {
      title: '存证承诺',
      text: '平台承诺：最晚 20 分钟，您的投诉会写进公开的日志，谁都不能再改。请保存下面这份承诺：到时候日志里没有，它就是平台签了名的证据。',
      fingerprint: '存证指纹',
      save: '保存承诺',
      print: '打印本页',
      more: '承诺全文和二维码',
      hint: '在“核验回执”页粘贴这段文字，或者让别的手机扫码留一份。里面没有您的姓名、手机号和文字。',
    },
  },
  closed: {
    expired: {
      title: '这个页面已经过期',
      text: '为了您的信息安全，从订单页过来的链接一小时内有效。请回到店铺的订单页面，再点一次“投诉”。写到一半的文字，会留在您写它的那部手机上。',
    },
    foreign: {
      title: '请从订单页面进入',
      text: '这个链接不完整，或者不是我们的店铺给的。请回到店铺的订单页面，再点一次“投诉”。',
    },
    silent: {
      title: '现在打不开投诉表单',
      text: '平台的系统暂时没有回应。请过几分钟刷新这个页面，或者回到店铺的订单页面再点一次“投诉”。您的订单不受影响。',
    },
    alreadyOpen: {
      title: '这件商品已经有一个投诉在处理',
      text: '同一件商品，同一时间只处理一个投诉。刚才的没有提交，原来的不受影响。要补充情况，请在原来的投诉里写。',
    },
    alreadyFiled: {
      title: '这份投诉已经提交过了',
      text: '刚才的内容和第一次提交的不一样，所以没有再记一次。要补充或更正，请打开短信里的链接，在进度页上写。',
    },
    find: '找回进度链接：',
    pickup: '用取件码查进度',
    resend: '重发短信',
  },
  shop: {
    branded: '换个品牌的样子',
    title: '我的订单',
    lead: '这是演示用的店铺订单页。真实的店铺，会在自己的订单页上放这个“投诉”按钮。',
    complain: '投诉',
    back: '回到演示',
    open: '去演示店铺，提交一个投诉',
  },
}

export type IntakeWords = typeof intakeZhCN

const intakeZhTW: IntakeWords = {
  title: '為這筆訂單提出投訴',
  lead: '請寫下發生了什麼、希望怎麼解決。送出後，每一步由誰處理、最晚什麼時候，您都看得到。',
  order: {
    title: '訂單',
    orderId: '訂單編號',
    item: '商品',
    merchant: '賣家',
    paid: '實付金額',
    phone: '手機號碼',
    phoneHint: '進度簡訊會傳到這個號碼',
  },
  fields: {
    category: '是哪一類問題',
    statement: '發生了什麼事',
    statementHint: '收到的狀況、什麼時候、和誰聯絡過、對方怎麼說',
    remedy: '希望怎麼解決',
    amount: '金額（人民幣元）',
    amountHint: paid => `退款若不填，就是全額 ${paid}；換貨、維修、道歉不必填`,
    name: '怎麼稱呼您',
    nameHint: '賣家和平台會看到',
    files: '照片或證據',
    filesHint: '最多 10 個，每個不超過 10 MB：照片、PDF、短影片。照片裡的拍攝位置會自動移除',
  },
  who: '您寫的內容和照片，賣家和平台承辦人會看到。',
  submit: '送出投訴',
  atMost: amount => `最多 ${amount}`,
  busy: '目前暫時無法送出，沒有留下任何紀錄。您寫的內容還在，請稍後再送出。',
  unsigned: '沒能核對您手機上的簽章，什麼都沒有記錄。您寫的內容還在，請再按一次「提交投訴」：這次不帶簽章，照樣受理。',
  photosText: '提出投訴時附上的照片和證據。',
  draft: {
    restored: '已還原您上次沒寫完的內容。',
    drop: '清除重寫',
  },
  filed: {
    title: '投訴已送出',
    next: '接下來',
    mustAct: (who, when) => `現在由${who}處理，最晚 ${when}。`,
    track: '查看進度',
    sms: phone => `這個連結也會用簡訊傳到 ${phone}。有連結的人就能代您操作，請不要轉傳給別人。`,
    code: '取件碼',
    codeHint: '沒有連結時，在首頁輸入取件碼和手機末 4 碼也能查詢。請截圖或抄下來。',
    photosMissing: '投訴已送出，但照片沒有存成功。請打開進度頁，用「補充證據」再上傳一次。',
    keep: {
      title: '存證承諾',
      text: '平台承諾：最晚 20 分鐘，您的投訴會寫進公開的日誌，誰都不能再改。請儲存下面這份承諾：到時候日誌裡沒有，它就是平台簽了名的證據。',
      fingerprint: '存證指紋',
      save: '儲存承諾',
      print: '列印本頁',
      more: '承諾全文和 QR Code',
      hint: '在「核驗回執」頁貼上這段文字，或者讓別的手機掃描留一份。裡面沒有您的姓名、手機號碼和文字。',
    },
  },
  closed: {
    expired: {
      title: '這個頁面已經過期',
      text: '為了保護您的資訊，從訂單頁過來的連結一小時內有效。請回到賣家的訂單頁面，再點一次「投訴」。寫到一半的文字，會留在您書寫的那支手機上。',
    },
    foreign: {
      title: '請由訂單頁面進入',
      text: '這個連結不完整，或不是由我們的賣家提供。請回到賣家的訂單頁面，再點一次「投訴」。',
    },
    silent: {
      title: '目前無法開啟投訴表單',
      text: '平台的系統暫時沒有回應。請過幾分鐘重新整理這個頁面，或回到賣家的訂單頁面再點一次「投訴」。您的訂單不受影響。',
    },
    alreadyOpen: {
      title: '這件商品已有一件投訴正在處理',
      text: '同一件商品，同一時間只處理一件投訴。剛才的沒有送出，原來的不受影響。要補充說明，請寫在原來的投訴裡。',
    },
    alreadyFiled: {
      title: '這件投訴先前已經送出',
      text: '剛才的內容和第一次送出的不同，所以沒有再記一次。要補充或更正，請點開簡訊裡的連結，在進度頁上寫。',
    },
    find: '找回進度連結：',
    pickup: '用取件碼查進度',
    resend: '重新傳送簡訊',
  },
  shop: {
    branded: '換個品牌的樣子',
    title: '我的訂單',
    lead: '這是示範用的賣家訂單頁。真正的賣家，會在自己的訂單頁放上這個「投訴」按鈕。',
    complain: '投訴',
    back: '回到示範',
    open: '到示範商店，提出一件投訴',
  },
}

const intakeEn: IntakeWords = {
  title: 'Complain about this order',
  lead: 'Say what happened and how you want it solved. From then on you can see every step: who has to act, and by when.',
  order: {
    title: 'Order',
    orderId: 'Order number',
    item: 'Item',
    merchant: 'Seller',
    paid: 'Paid',
    phone: 'Phone',
    phoneHint: 'Text messages about progress go to this number',
  },
  fields: {
    category: 'What kind of problem is it',
    statement: 'What happened',
    statementHint: 'What you received, when, whom you contacted, and what they said',
    remedy: 'How do you want it solved',
    amount: 'Amount (CN¥)',
    amountHint: paid =>
      `For a refund, leave it empty to ask for all of ${paid}. Not needed for an exchange, a repair or an apology`,
    name: 'Your name',
    nameHint: 'The seller and the platform will see it',
    files: 'Photos or other evidence',
    filesHint: 'Up to 10 files of 10 MB each: photos, PDF, short videos. Where a photo was taken is removed from it',
  },
  who: 'The seller and the platform’s officers will see what you write and your photos.',
  submit: 'Submit the complaint',
  atMost: amount => `At most ${amount}`,
  busy: 'This cannot be submitted right now, and nothing was recorded. What you wrote is still here: please try again in a while.',
  unsigned:
    'Your phone’s signature could not be checked, and nothing was recorded. What you wrote is still here: send it once more, this time without a signature. It counts the same.',
  photosText: 'Photos and evidence that came with the complaint.',
  draft: {
    restored: 'We brought back what you had not finished.',
    drop: 'Start over',
  },
  filed: {
    title: 'Complaint submitted',
    next: 'What happens now',
    mustAct: (who, when) => `Now it is up to ${who}, by ${when} at the latest.`,
    track: 'See the progress',
    sms: phone =>
      `The same link is sent by text message to ${phone}. Whoever has it can act for you, so please keep it to yourself.`,
    code: 'Pickup code',
    codeHint:
      'Without the link, this code and the last 4 digits of your phone open it from the front page. Take a screenshot or write it down.',
    photosMissing:
      'The complaint is submitted, but its photos could not be stored. Please add them again on the progress page.',
    keep: {
      title: 'Promise to record it',
      text: 'The platform promises that your complaint stands in the public log within 20 minutes, where nobody can change it. Keep this promise: if the log does not hold your complaint by then, it is evidence with the platform’s signature.',
      fingerprint: 'Fingerprint',
      save: 'Save the promise',
      print: 'Print this page',
      more: 'The promise in full, and as a QR code',
      hint: 'Paste it on the page that checks receipts, or let another phone scan it. It holds no name, number or text of yours.',
    },
  },
  closed: {
    expired: {
      title: 'This page has expired',
      text: 'To protect your data, the link from your order page works for one hour. Go back to your order in the shop and choose “Complain” again. What you had begun to write stays on the phone you wrote it on.',
    },
    foreign: {
      title: 'Please come from your order page',
      text: 'This link is not complete, or was not made by one of our shops. Go back to your order in the shop and choose “Complain” again.',
    },
    silent: {
      title: 'The complaint form cannot be opened right now',
      text: 'The platform’s system does not answer. Reload this page in a few minutes, or go back to your order in the shop and choose “Complain” again. Your order is not affected.',
    },
    alreadyOpen: {
      title: 'There is an open complaint about this item',
      text: 'One item has one complaint at a time. This one was not submitted, and the first is not affected. If you want to add something, write it in the first complaint.',
    },
    alreadyFiled: {
      title: 'This complaint was submitted before',
      text: 'What you just sent differs from what was submitted first, so it was not recorded. To add or correct something, open the link in your text message and write it on the progress page.',
    },
    find: 'Get back to your progress page:',
    pickup: 'Use your pickup code',
    resend: 'Send the text message again',
  },
  shop: {
    branded: 'Under another brand',
    title: 'My orders',
    lead: 'This is the order page of a made-up shop. A real shop puts this “Complain” button on its own order page.',
    complain: 'Complain',
    back: 'Back to the demo',
    open: 'Go to the demo shop and submit a complaint',
  },
}

/** Where complaints are filed; loads with it. */
export const INTAKE_WORDS: Record<Locale, IntakeWords> = { 'zh-CN': intakeZhCN, 'zh-TW': intakeZhTW, en: intakeEn }
