/** Words of the complaint form, of what comes after it, and of the demo's shop. */
export const intakeZhCN = {
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
