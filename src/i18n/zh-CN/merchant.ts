/** What a ready text may speak of. Empty where it is not known. */
interface TemplateFacts {
  item: string
  /** What the buyer asked for, e.g. 仅退款 89.00 元. */
  sought: string
}

interface Template {
  /** In the merchant's language. */
  label: string
  /** In the buyer's. */
  text(facts: TemplateFacts): string
}

/** Ready texts, by form and situation; every language has the same ones. */
export interface Templates {
  offer: Record<'agree' | 'partial' | 'return' | 'exchange' | 'reship' | 'repair', Template>
  rejection: Record<'as_described' | 'misuse' | 'out_of_time' | 'courier' | 'already_settled', Template>
  fulfilment: Record<'refunded' | 'reshipped' | 'repaired', Template>
  extensions: Record<'checking' | 'courier' | 'stock', Template>
  messages: Record<'photos' | 'checking' | 'address', Template>
}

const goods = (item: string): string => (item === '' ? '商品' : `“${item}”`)

/** To be changed to fit the case: the brackets say what to fill in. */
const templatesZhCN: Templates = {
  offer: {
    agree: {
      label: '同意买家的要求',
      text: ({ item, sought }) =>
        `您好，很抱歉${goods(item)}给您添了麻烦。我们同意您的要求${sought && `（${sought}）`}，会按时办理，办好后请您核对。`,
    },
    partial: {
      label: '部分退款，商品留用',
      text: ({ item }) =>
        `您好，很抱歉${goods(item)}没有让您满意。我们愿意退还部分货款，商品由您留用。金额是这样考虑的：【写明理由】。您不同意，可以请平台介入。`,
    },
    return: {
      label: '退货退款',
      text: ({ item }) =>
        `您好，请把${goods(item)}寄回，连同配件和赠品。我们收到后按时退款，运费由我们承担。寄出后请在本页填写快递单号。`,
    },
    exchange: {
      label: '换货',
      text: ({ item }) =>
        `您好，很抱歉${goods(item)}有问题。请寄回，我们收到后换一件新的给您，来回运费由我们承担。寄出后请在本页填写快递单号。`,
    },
    reship: {
      label: '补发',
      text: ({ item }) =>
        `您好，很抱歉${goods(item)}没有发全。我们会把缺少的【写明缺少的东西】补发给您，不用退回已经收到的。`,
    },
    repair: {
      label: '维修',
      text: ({ item }) => `您好，请把${goods(item)}寄回，我们免费维修后寄还给您，来回运费由我们承担。`,
    },
  },
  rejection: {
    as_described: {
      label: '商品与描述相符',
      text: ({ item }) =>
        `您好，我们核对了${goods(item)}的商品页和出库记录：【写明核对的内容】，与描述一致。您不同意，可以请平台介入。`,
    },
    misuse: {
      label: '使用不当',
      text: ({ item }) =>
        `您好，从照片看，${goods(item)}的问题出在【写明现象】，说明书第【几】页提醒过【写明要求】。您不同意，可以请平台介入。`,
    },
    out_of_time: {
      label: '超过时限',
      text: () => '您好，这笔订单于【日期】签收，已经超过【写明哪项】的时限。您不同意，可以请平台介入。',
    },
    courier: {
      label: '快递责任',
      text: () =>
        '您好，出库时包装完好（见照片），破损发生在运输途中。我们已向快递公司【写明进展】。您不同意，可以请平台介入。',
    },
    already_settled: {
      label: '此前已处理',
      text: () => '您好，这个问题已于【日期】处理：【写明怎样处理、凭证】。您不同意，可以请平台介入。',
    },
  },
  fulfilment: {
    refunded: { label: '已退款', text: () => '您好，退款已原路退回，一般【1 至 3】个工作日到账。请到账后在本页确认。' },
    reshipped: { label: '已发货', text: () => '您好，商品已寄出，快递公司和单号见凭证。收到后请检查，再在本页确认。' },
    repaired: {
      label: '已修好寄还',
      text: () => '您好，商品已修好并寄还，更换了【写明部件】。收到后请检查，再在本页确认。',
    },
  },
  extensions: {
    checking: { label: '正在核查', text: () => '正在向仓库核对出库记录，需要【几】天才有结果。' },
    courier: { label: '等快递公司答复', text: () => '已向快递公司查询，对方答复需要【几】天。' },
    stock: { label: '等补货', text: () => '商品暂时缺货，预计【日期】到货，到货后立即办理。' },
  },
  messages: {
    photos: {
      label: '请买家补充照片',
      text: ({ item }) =>
        `您好，为了尽快处理，请补充几张${goods(item)}的照片：整体、问题处的近照、标签。在本页“补充证据”里上传就可以。`,
    },
    checking: { label: '正在核查', text: () => '您好，我们正在核查，最晚【日期】在这里答复您。' },
    address: { label: '核对地址', text: () => '您好，补发前请核对收货地址是否有变化。没有变化，不用回复。' },
  },
}

interface ActWords {
  /** On what opens the form. */
  label: string
  /** What follows from it, in one plain sentence. */
  effect: string
  /** On the button that does it. */
  submit: string
}

const acts = {
  offer: {
    label: '提出处理方案',
    effect: '方案与买家要求相同，就直接办理；不同，或者商品要寄回，由买家决定。答应的日期到时没办，记一次逾期。',
    submit: '发送方案',
  },
  rejection: {
    label: '不同意买家的要求',
    effect: '要写明理由。买家可以请平台介入，由平台裁定。',
    submit: '发送答复',
  },
  fulfilment: {
    label: '提交兑现凭证',
    effect: '已经退款、发货或修好以后再提交。接着请买家核对；只有买家能确认解决。',
    submit: '提交凭证',
  },
  'return-receipt': {
    label: '确认收到退货',
    effect: '从收到那天起算退款等的时限。',
    submit: '已经收到',
  },
  'return-disputes': {
    label: '对退货有异议',
    effect: '例如空包裹、不是原来的商品。转给平台审理，请附上证据。只能提一次。',
    submit: '提出异议',
  },
  appeals: {
    label: '申请复核',
    effect: '换一位没有参与的承办人重新审理，兑现先暂停。每方只有一次，复核结果是最终结果。',
    submit: '申请复核',
  },
  'statements-requests': {
    label: '请第三方说明',
    effect: '发出后您会得到一个链接，由您交给对方。对方有自己的时限；处理的一方和原来的时限都不变。',
    submit: '得到链接',
  },
  'interim-reports': {
    label: '中期答复',
    effect: '整个投诉来不及办结时，写明理由和新的期限，买家会收到短信。',
    submit: '提交',
  },
  extensions: {
    label: '申请延期',
    effect: '每个阶段只能延一次，买家会看到原来的日期、新的日期和理由。',
    submit: '延期',
  },
  evidence: {
    label: '提交证据',
    effect: '证据会记入进度，买家和平台都能看到，谁也不能悄悄删掉。',
    submit: '提交证据',
  },
  messages: {
    label: '留言',
    effect: '买家和平台都能看到。留言不会改变时限，也不算答复。',
    submit: '发送留言',
  },
} satisfies Record<string, ActWords>

export type FormName = keyof typeof acts

/** Webhook settings. */
const webhooks = {
  title: '推送到 ERP（webhook）',
  text: '您的投诉每有一步新进展，我们就向这些 https 地址推送一个事件。签名按 Standard Webhooks 1.0；事件里没有姓名、电话和文字，详情请用 API 读取。',
  none: '还没有推送地址。',
  url: '推送地址',
  urlHint: '公网可达的 https 地址，例如 https://erp.example.com/tousu',
  add: '添加地址',
  full: '最多十个地址，请先删除一个。',
  secret: '签名密钥',
  rotate: '更换密钥',
  rotateText: '更换后的一天里，新旧两个密钥都会签名，方便 ERP 切换。',
  rotated: '密钥已更换，一天后旧密钥失效。',
  deliveries: '推送记录',
  remove: '删除地址',
  removed: '地址已删除。',
  added: '地址已添加。',
  enable: '重新启用',
  enabled: '已重新启用。',
  disabled: (why: string) => `已停用：对方回答 ${why}`,
  active: '正常',
  untried: '还没有推送过',
  failing: (n: number) => `连续失败 ${n} 次`,
  test: '发送测试事件',
  testEvent: '测试事件',
  tested: '测试事件已发出，结果在推送记录里。',
  columns: { event: '事件', complaint: '投诉', at: '时间', result: '结果', action: '操作' },
  step: (n: number) => `第 ${n} 步`,
  waiting: '等待推送',
  retry: (at: string) => `将于 ${at} 重试`,
  delivered: '已送达',
  failed: '已放弃',
  attempts: (n: number) => `${n} 次`,
  answers: {
    refused_address: '地址指向内部网络，拒绝推送',
    unreachable: '连不上',
    timeout: '15 秒内没有回答',
    no_step: '投诉不存在',
    unreadable: '投诉暂时读不出来',
  },
  answer: (code: string) => `回答 ${code}`,
  resend: '再次推送',
  resendOf: (id: string) => `再次推送投诉 ${id}`,
  resent: '已安排再次推送。',
  noDeliveries: '还没有推送过。有新进展时会出现在这里。',
  back: '返回设置',
}

/** Words of the merchant's console. */
export const merchantZhCN = {
  webhooks,
  nav: { inbox: '投诉', figures: '统计', settings: '设置' },
  colon: '：',
  /** How much time is left, in words; the colour only repeats them. */
  left: {
    late: '已逾期',
    today: (time: string) => `今天 ${time} 到期`,
    soon: '不到 1 小时',
    hours: (n: number) => `还有 ${n} 小时`,
    days: (n: number, hours: number) => `还有 ${n} 天${hours > 0 ? ` ${hours} 小时` : ''}`,
    closed: '已结束',
  },
  yourTurn: '轮到您',
  inbox: {
    title: '投诉',
    list: '投诉，最急的在最上面',
    listClosed: '已结束的投诉，最近结束的在最上面',
    shown: (n: number, total: number) => `共 ${total} 件，本页 ${n} 件`,
    keys: '键盘：j / k 或 ↓ / ↑ 上下移动，Enter 打开，x 勾选，s 全选。',
    keysMany: 'b 再按 Enter 一起答复。',
    none: '没有符合条件的投诉。',
    all: '查看全部进行中的投诉',
    columns: { due: '时限', complaint: '投诉', asked: '买家的要求', state: '进度', newest: '最新一步' },
    order: '订单',
    next: '下一页',
    first: '回到第一页',
  },
  strip: {
    title: '概览',
    today: '轮到您的，今天到期',
    late: '轮到您的，已逾期',
    onTime: '近 90 天按时率',
  },
  filters: {
    title: '筛选',
    state: '进度',
    open: '全部进行中',
    openStates: '进行中',
    closedStates: '已结束',
    turns: {
      mine: '轮到您',
      others: '等买家或平台',
      buyer: '等买家',
      platform: '等平台',
      all: '全部进行中',
      closed: '已结束',
    },
    overdue: '时限',
    overdues: { true: '已逾期', false: '未逾期' },
    category: '问题',
    any: '不限',
    apply: '筛选',
    clear: '清除',
  },
  /** One answer to many. */
  bulk: {
    title: '一起答复所选的',
    back: '返回列表',
    all: '全选本页',
    choose: (id: string) => `选中投诉 ${id}`,
    nothing: '没有选中投诉。',
    answers: { agree: '同意各自的要求', reject: '都不同意', message: '只留言' },
    fields: { answer: '怎样答复', ground: '不同意的理由', text: '给买家的话' },
    ready:
      '您好，很抱歉给您添了麻烦。关于“{item}”（订单 {order}），我们同意您的要求（{sought}），会按时办理，办好后请您核对。',
    hint: '{item}、{order}、{sought}、{id} 会换成每件投诉自己的内容。',
    look: '预览每一件',
    preview: '每位买家会读到的',
    confirm: (n: number) => `确认，发给 ${n} 位买家`,
    results: '结果',
    done: '已发送',
    failed: '没有办成：',
    refusals: {
      signature_required: '本店要求签名：请在登记过密钥的浏览器里操作（设置里有签名密钥）。',
      no_agreement: '买家没有提出可以直接同意的要求。',
      no_address: '要退货，但还没有保存退货地址：先到“设置”里保存一个。',
      stale: '您打开页面之后有了新的进展，请单独处理。',
    },
  },
  case: {
    agree: (what: string) => `同意：${what}`,
    agreeEffect: '完全按买家的要求办理，不用再等买家同意。发给买家的话：',
    agreeReturn: '完全按买家的要求办理。商品要寄回，所以买家看过地址和运费再接受。发给买家的话：',
    agreeLacksAddress: '商品要寄回，还没有保存退货地址：在这里填一次，或者先保存，以后点一下就能同意。',
    saveAddress: '去保存退货地址',
    keys: (agrees: boolean) =>
      `键盘：${agrees ? 'a 再按 Enter 同意，' : ''}r 答复，x 拒绝，m 留言，n 下一件，l 列表，Ctrl+Enter 发送，/ 查找。`,
    back: '返回列表',
    next: '下一件轮到您的',
    callers:
      '这一页不显示买家的手机号。请对方报下单时的手机号，到列表上方查找，查得到这件，再告诉本人这一页的进度、期限和双方说过的话；内部备注不要说。',
    toActs: '去处理',
    claim: '买家的投诉',
    order: '订单号',
    item: '商品',
    buyer: '买家',
    category: '问题',
    sought: '要求',
    openedAt: '提交时间',
    acts: '您可以做的',
    noActs: '现在没有需要您做的。',
    requested: '平台要求补充的内容',
    receipt: '下载回执',
    receiptNote: '每一步写下就不能改。回执可以交给任何人核对。',
    doneTitle: '已经记下',
    done: (no: number) => `第 ${no} 步`,
    toStep: '查看这一步',
    changed: '您打开这一页之后，投诉有了新的进展：',
    changedNote: '您写的内容还在下面。请看过新的进展，再决定要不要提交。',
    unsent: '您写的内容（现在不能提交了，可以复制）',
    problems: '还差一点，请改好再提交：',
    refused: '没有办成：',
  },
  acts: acts as Record<FormName, ActWords>,
  /** For an offer after the first. */
  betterOffer: { label: '改进方案', effect: (n: number) => `不改变时限。还可以改进 ${n} 次。` },
  /** Why something was refused, where a merchant needs other words than a buyer. */
  refusals: {
    signature_required: '本店要求签名：请在登记过密钥的浏览器里操作（设置里有签名密钥）。',
    signature_key: '这个浏览器的密钥没有登记，或已停用。',
    signature_wrong: '签名不对，请刷新页面再试。',
    not_holder: '现在不是由您处理，或者时限已经过了。',
    already_extended: '这个阶段已经延过一次，或已经逾期，不能再延。',
    date_beyond_cap: '日期超过了规则允许的最晚日期，请改早一些。',
    date_not_later: '日期太早了，请改晚一些。',
    offer_limit: '方案的改进次数已经用完，不能再改。',
    human_required: '这件事必须由人来做。',
    appeal_used: '复核只有一次，结果是最终结果。',
    appeal_too_late: '申请复核的时间已经过了，或者已经到了兑现的日期。',
  },
  fields: {
    'offer.kind': '处理方式',
    'offer.amount.value': '金额（元）',
    'offer.by': '答应在什么时候前办好',
    'offer.returnTo': '退货地址',
    'offer.freightPaidBy': '退货运费由谁承担',
    'statement.offer': '给买家的说明',
    'statement.rejection': '给买家的说明',
    ground: '理由',
    'statement.fulfilment': '办了什么',
    proof: '凭证（退款流水号、快递单号等）',
    'text.return-receipt': '收货情况',
    'reason.return-disputes': '退货有什么问题',
    'reason.appeals': '为什么不服',
    due: '新的日期',
    party: '问谁',
    'request.statements-requests': '要对方说明什么',
    'reason.interim-reports': '为什么来不及办结',
    'reason.extensions': '延期的理由',
    'text.evidence': '说明这些证据',
    'text.messages': '内容',
    files: '照片、视频或 PDF',
  },
  hints: {
    outside: '只写要问的事，不要写买家的姓名、电话、地址。',
    choose: '请选择',
    amount: '仅退款、退货退款不填就是全额。',
    sought: (what: string) => `买家要求：${what}`,
    by: (money: string, goods: string) =>
      `不填就按规则的时限。退款、赔偿最晚 ${money}，换货、补发、维修最晚 ${goods}。`,
    due: (now: string, latest: string) => `现在的时限是 ${now}，最晚可以延到 ${latest}。`,
    back: '退货退款、换货、维修要填。',
    local: '北京时间，例如 2026-03-05 18:00。',
    instant: '请写成日期和时间，例如 2026-03-05 18:00',
    blank: (left: string) => `还有没填的地方：${left}`,
  },
  payers: { buyer: '买家', merchant: '我们（商家）' },
  template: {
    label: '常用答复',
    apply: '套用',
    hint: (language: string) => `先选一个，套用后再改成这件投诉的实际情况。文字是${language}，买家提交时用的语言。`,
    languages: { 'zh-CN': '简体中文', 'zh-TW': '繁体中文', en: '英文' },
  },
  templates: templatesZhCN,
  preview: {
    button: '预览买家会看到的',
    title: '预览：买家会看到的这一步',
    note: '还没有发送。改好以后再预览，或者直接发送。',
    after: '发送以后',
    can: '买家可以',
    separator: '、',
  },
  figures: {
    title: '统计',
    period: '时间范围',
    days: (n: number) => `近 ${n} 天`,
    since: (from: string) => `统计 ${from} 以来提交的投诉。`,
    none: '这段时间没有投诉。',
    onTime: '按时率',
    onTimeNote:
      '只看该由您处理的时限：按时处理的次数，占按时与逾期次数之和的比例。买家、平台、快递用掉的时间不算在内；平台逾期不算您逾期。',
    kept: '按时',
    missed: '逾期',
    complaints: '投诉',
    times: (n: number) => `${n} 次`,
    cases: (n: number) => `${n} 件`,
    noDeadlines: '还没有到过时限',
    hours: '时间花在谁那里',
    hoursNote: '每一小时记在当时该处理的一方名下。退货在路上的时间算快递的，平台审理的时间算平台的，都不算您的。',
    mine: '您（商家）',
    party: '一方',
    spent: '用时',
    share: '占比',
    average: '平均每件',
    outcomes: '结果',
    confirmed: '买家确认解决',
    ruledForBuyer: '裁定支持或部分支持买家',
    ruledForMerchant: '裁定支持商家',
    lapsed: '未经买家确认而关闭',
    lapsedNote: '不算已解决，也不算您的过错。',
  },
  settings: {
    title: '设置',
    contact: '到期提醒',
    contactText: '有投诉快到期时，汇总成短信发到这个手机号。',
    phone: '手机号',
    phoneNow: (tail: string) => `现在是尾号 ${tail} 的手机。`,
    phoneNone: '现在没有设置，不会收到短信。',
    codeSent: (tail: string) =>
      `验证码已发到尾号 ${tail} 的手机，15 分钟内有效。填对以后才会往那里发提醒。没收到就再保存一次，每天最多三次。`,
    code: '验证码',
    confirm: '确认',
    giveUp: '不用这个号码',
    codesUsed: '今天的验证码已经发完了，请明天再试。',
    codeWrong: '验证码不对，或者已经过期。',
    save: '保存',
    remove: '不再提醒',
    saved: '已保存。',
    keys: 'API 密钥',
    keysText: 'ERP 等程序用密钥读取和答复您的投诉。密钥等于您的身份，请像密码一样保管；不用了就停用，立即生效。',
    keyName: '用在哪里',
    keyNameHint: '例如“ERP 正式环境”，方便以后辨认。',
    keyCreated: '创建时间',
    keyStart: '密钥指纹',
    keyAction: '操作',
    create: '创建密钥',
    revoke: '停用',
    revokeOf: (name: string) => `停用“${name}”`,
    none: '还没有密钥。',
    made: '密钥已创建，只显示这一次',
    madeText: '请现在复制并保存。关掉本页以后谁也看不到它，包括我们。',
    revoked: '密钥已停用。',
    keysFull: '最多二十个密钥，请先停用不用的。',
    unknownKey: '没有这个密钥，或者已经停用。',
  },
}

export type MerchantWords = typeof merchantZhCN
