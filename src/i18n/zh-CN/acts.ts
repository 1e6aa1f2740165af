interface ActWords {
  /** On the button that opens the form. */
  label: string
  /** What follows from it, in one plain sentence. */
  effect: string
  /** On the button that does it. */
  submit: string
}

const words = {
  'offer-acceptance': {
    label: '接受方案',
    effect: '接受后就按这个方案办。对方到时没办，算对方逾期，平台会处理。',
    submit: '我接受这个方案',
  },
  'offer-refusal': {
    label: '不接受方案',
    effect: '不接受就由平台审理和裁定，您不会因此失去已经提交的证据。',
    submit: '我不接受',
  },
  escalation: {
    label: '请平台介入',
    effect: '投诉转给平台审理，平台要写明事实、依据、理由和处理结果。',
    submit: '请平台介入',
  },
  confirmation: {
    label: '确认已解决',
    effect: '确认后投诉结束，记为“已解决”。只有您能确认；钱或货没到手，请不要确认。',
    submit: '确实解决了，结束投诉',
  },
  dispute: {
    label: '没有兑现',
    effect: '转给平台审理。每次兑现可以提一次异议。',
    submit: '提出异议',
  },
  'return-shipment': {
    label: '填快递单号',
    effect: '提交后，开始计算对方收货和兑现的时限。',
    submit: '已经寄出',
  },
  reopening: {
    label: '重新打开',
    effect: '投诉转给平台审理，以前的记录和证据都还在。每种结束方式只能重新打开一次。',
    submit: '重新打开投诉',
  },
  appeal: {
    label: '申请复核',
    effect: '换一位没有参与的承办人重新审理，兑现先暂停。每方只有一次，复核结果是最终结果。',
    submit: '申请复核',
  },
  evidence: {
    label: '补充证据',
    effect: '证据会记入进度，商家和平台都能看到，谁也不能悄悄删掉。',
    submit: '提交证据',
  },
  messages: {
    label: '留言',
    effect: '商家和平台都能看到。留言不会改变时限。',
    submit: '发送留言',
  },
  nudges: {
    label: '催办',
    effect: '马上提醒现在该处理的一方，记入进度，24 小时内只能催一次。平台审理时催到第三次，转给主管。',
    submit: '催办',
  },
  'human-request': {
    label: '要求人工处理',
    effect: '此后平台的裁定必须由人作出，不能由机器作出。',
    submit: '要求人工处理',
  },
  rating: {
    label: '评价',
    effect: '评价的是处理过程，会记入进度。',
    submit: '提交评价',
  },
  'follow-up': {
    label: '真的解决了吗？',
    effect: '结束一周后问您一次，会记入进度，也计入商家的公示。',
    submit: '是，解决了',
  },
  'conduct-report': {
    label: '举报不当言行',
    effect: '例如辱骂、威胁、逼您撤回投诉。举报会记入进度，由平台查看。',
    submit: '提交举报',
  },
  'redaction-request': {
    label: '申请删除内容',
    effect: '适合误传的个人信息。删除后会留下“内容已删除”的记录，步骤本身不会消失。',
    submit: '申请删除',
  },
  'share-links': {
    label: '分享给别人看',
    effect: '生成一个只能看的链接：姓名打码，不显示电话和订单号。文字和文件要您勾选才公开。',
    submit: '生成分享链接',
  },
  withdrawal: {
    label: '撤回投诉',
    effect: '撤回后投诉结束，不算已解决；已经答应或裁定的结果仍然有效。如果有人逼您撤回，请照实选原因。',
    submit: '撤回投诉',
  },
} satisfies Record<string, ActWords>

export type BuyerAct = keyof typeof words

export const acts = {
  words: words as Record<BuyerAct, ActWords>,
  problems: '还差一点，请改好再提交：',
  refused: '没有办成：',
  changed: '这期间发生了：',
  sendAgain: '您填的内容还在。看过变化，如果还要这样做，请再提交一次。',
  toForm: '去看您填的内容',
  typed: '您写的内容（可以复制下来，改用留言发送）',
  chooseFilesAgain: '文件要重新选一次。',
  optional: '（可以不填）',
  choose: '请选择',
  notSolved: '没有解决',
  thanks: '谢谢您确认！这次处理打几分？',
  noCounter: '不提别的要求',
  yes: '是',
  thisOffer: '您看到的方案',
  last4Hint: '这台设备第一次操作，请填提交投诉时的手机号后四位。',
  onlyLook: '只是想让别人看看？生成只能看的链接',
  needsReturn: '这个方案要先把商品寄回。',
  fields: {
    reason: '理由',
    'reason.appeal': '为什么不服',
    'reason.dispute': '哪里没有兑现',
    'reason.offer-refusal': '为什么不接受',
    'reason.withdrawal': '为什么撤回',
    'counter.kind': '您希望怎样处理',
    'counter.amount.value': '希望的金额（元）',
    carrier: '快递公司',
    trackingNo: '快递单号',
    text: '内容',
    'text.evidence': '说明这些证据',
    'text.conduct-report': '发生了什么',
    'text.rating': '想说的话',
    'text.withdrawal': '补充说明',
    files: '照片、视频或 PDF',
    score: '打几分（5 分最好）',
    seq: '哪一步',
    field: '哪一项',
    texts: '公开文字（投诉内容、答复、理由等）',
    'files.share-links': '公开照片和文件',
    last4: '手机号后四位',
    confirm: '我确定要撤回',
  },
}

/** Why something was refused, by its code. */
export const refusals = {
  other: '现在不能这样做，请看看最新的进度。',
  byCode: {
    stale: '您打开这一页之后，进度有了变化。',
    closed: '投诉已经结束，只能做本页还列出的事。',
    wrong_state: '进度已经变了，现在不能这样做，请看看最新的进度。',
    not_yours: '这件事要由另一方来做。',
    not_holder: '现在不是由您处理。',
    already_open: '这个商品已经有一个进行中的投诉。',
    offer_changed: '商家刚刚换了方案，请看过新方案再决定。',
    already_extended: '这个阶段已经延过一次，或已经逾期，不能再延。',
    date_beyond_cap: '日期超过了规则允许的最晚日期。',
    date_not_later: '日期要晚于现在的时限。',
    offer_limit: '方案改进的次数已经用完。',
    human_required: '这件事必须由人来做。',
    remedy_owed: '处理方案已经定了，只能去兑现。',
    no_offer: '现在没有可以接受的方案。',
    dispute_used: '这次兑现已经提过一次异议了。',
    appeal_used: '复核只有一次，结果是最终结果。',
    appeal_too_late: '申请复核的时间已经过了。您仍可向 12315 投诉。',
    reopening_used: '已经重新打开过一次了。您仍可向 12315 投诉。',
    reopening_too_late: '可以重新打开的时间已经过了。您仍可向 12315 投诉。',
    already_asked: '您已经申请过了，不用再提交。',
    already_rated: '您已经评价过了。',
    no_statement: '现在没有等待您的说明：时限已过、已经提交过，或者投诉已经结束。这次没有收下任何内容。',
    statement_limit: '请第三方说明的次数已经用完。',
    nudged_already: '24 小时内已经催办过了。',
    unknown_step: '没有这一步，或者这一步没有这项内容。',
    already_redacted: '这项内容已经删除。',
    legal_hold: '这件投诉的内容因法律程序须依法保留，暂时不能删除。保留结束后可以再申请。',
    too_large: '内容或文件太大，没有发出去。请减少后再试。',
    cut_off: '没有传完就断了，请再提交一次。',
    too_many_attempts: '试的次数太多了，请过一会儿再试。',
    too_many: '短时间内发得太多了，请过一段时间再发。已经发出的都保存好了；答复和决定不受影响。',
    internal: '这里出了点问题。请先看看最新的进度，再决定要不要重试。',
    unavailable: '暂时没有记下来，请再提交一次。',
    busy: '现在上传的人太多，没有发出去。请过一会儿再提交一次。',
    storage_full: '现在暂时收不了照片和文件，文字可以照常提交。请不带文件再提交一次，或者以后补上。',
    read_only: '现在只能查看，暂时不能提交。请稍后再试。',
    row_altered: '系统里存的这件投诉与公开日志对不上，所以不显示。已经报警；您的记录在日志和您存的回执里，没有丢。',
    clock_behind: '现在只能查看，暂时不能提交。请稍后再试。',
    clock_ahead: '现在只能查看，暂时不能提交。请稍后再试。',
  },
}
