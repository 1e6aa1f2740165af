interface ActWords {
  /** On the button that opens the form. */
  label: string
  /** What follows from it. */
  effect: string
  /** On the button that does it. */
  submit: string
}

const acts = {
  take: {
    label: '我来承办',
    effect: '您的工号会写进进度，买家和商家都能看到。时限不变。',
    submit: '我来承办',
  },
  assignment: {
    label: '指定承办人',
    effect: '已经有承办人时，更换算一次转交，要写理由；第三次转交归主管。时限不变。',
    submit: '指定',
  },
  'handoff-acceptance': {
    label: '接收转交',
    effect: '接收后由您负责。时限照原来的计算，不重新起算。',
    submit: '我接收',
  },
  rulings: {
    label: '作出裁定',
    effect: '写清事实、依据、理由、结果、处理方案和期限。下一步先看买家会怎样读到，确认后才生效。',
    submit: '预览',
  },
  'evidence-requests': {
    label: '要求补充证据',
    effect: '前两次要求会暂停审理计时，对方提交或到时后继续；第三次起不暂停。',
    submit: '发出要求',
  },
  messages: { label: '留言', effect: '买家和商家都能看到。留言不改变时限。', submit: '发送' },
  extensions: { label: '延期', effect: '到时之前可以延一次。页面上会同时显示原来的日期。', submit: '延期' },
  handoffs: {
    label: '转交其他部门',
    effect: '对方接收之前仍由您负责，时限照常计算，不重新起算。第三次转交归主管。',
    submit: '提出转交',
  },
  fulfilment: {
    label: '报告平台已兑现',
    effect: '例如先行赔付。之后由买家核对和确认。',
    submit: '报告已兑现',
  },
  evidence: { label: '加入证据', effect: '会记入进度，买家和商家都能看到。', submit: '加入' },
  refusal: {
    label: '不予受理',
    effect: '只在不属于消费争议等情况下使用。买家可以申请复核，由另一位承办人处理。',
    submit: '不予受理',
  },
  'link-rotation': {
    label: '更换进度链接',
    effect: '新链接会发到买家手机。如果旧链接被人拿到，旧链接立即失效；否则新短信送达前旧链接仍可用。',
    submit: '更换链接',
  },
  redactions: {
    label: '删除内容',
    effect: '作者申请的，或复核期已过的，可以直接删除；否则要两位主管：第一位提出，第二位删除。删除后会留下记录。',
    submit: '删除',
  },
} satisfies Record<string, ActWords>

/** What an officer may do, as the desk shows it; `take` is an assignment to oneself. */
export type DeskAct = keyof typeof acts

export const deskActsZhCN = {
  acts: acts as Record<DeskAct, ActWords>,
  /** `field.act` wins over `field`. */
  fields: {
    officer: '承办人工号',
    reason: '理由',
    'reason.take': '为什么换人（写给买家和商家看）',
    'reason.assignment': '为什么换人（第一次指定可不填）',
    'reason.handoffs': '为什么转交',
    'reason.extensions': '为什么要延期',
    'reason.redactions': '为什么删除',
    'reason.link-rotation': '说明（不是被盗时必填）',
    toDesk: '转交给哪个部门',
    from: '请谁补充',
    request: '需要补充什么',
    text: '内容',
    files: '照片、视频或 PDF',
    due: '期限',
    'due.extensions': '延到',
    outcome: '结果',
    facts: '认定的事实',
    rule: '依据的规则',
    reasons: '理由（怎样从事实和规则得出结果）',
    remedy: '处理方案',
    'remedy.kind': '处理方案',
    'remedy.amount.value': '金额（元）',
    'remedy.owedBy': '由谁承担',
    'remedy.returnTo': '退货地址',
    'remedy.freightPaidBy': '退货运费由谁承担',
    statement: '说明',
    proof: '兑现凭证（流水号、单号等）',
    ground: '原因',
    theft: '为什么更换',
    target: '删除哪一项',
  },
  choose: '请选择',
  optional: '（可以不填）',
  noRemedy: '不需要处理方案',
  theft: { theft: '链接被别人拿到了，旧链接立即失效', other: '其他原因' },
  hints: {
    toDesk: '例如：物流组、食品组、先行赔付组',
    latest: (when: string) => `现在的期限之后，最晚 ${when}`,
    rulingDue: (money: string, goods: string, capMoney: string, capGoods: string) =>
      `不填就按规则：退款类 ${money}，发货和维修类 ${goods}。最晚：退款类 ${capMoney}，发货和维修类 ${capGoods}。`,
    amount: '全额退款可以不填',
    owed: '有处理方案时必填',
    returned: '退货退款、换货、维修时必填',
    target: '只列出还在的文字和文件',
    asked: (who: string) => `${who}申请过`,
    filesAgain: '文件要重新选一次。',
    noneForMerchant: '支持商家时不能给处理方案，请选“不需要处理方案”',
    sameKind: '只能给原裁定的方案定一个新的期限，或认定不需要。',
  },
  /** Why something was refused, by its code. */
  refusals: {
    stale: '您打开页面之后，进度变了。',
    closed: '投诉已经结束。',
    wrong_state: '进度已经变了，现在不能这样做。',
    not_yours: '这件事要由另一方来做。',
    not_holder: '现在不是由平台处理，或者时限已经过了。',
    already_extended: '这个阶段已经延过一次，或已经逾期，不能再延。',
    date_beyond_cap: '日期超过了规则允许的最晚日期。',
    date_not_later: '日期要晚于现在的期限。',
    human_required: '这件事必须由人来做。',
    officer_required: '裁定要写明承办人，请先承办。',
    same_officer: '复核必须由没有裁定过的承办人处理。请换一位承办人。',
    reason_required: '已经有承办人，更换要写理由。',
    no_handoff: '没有等待接收的转交。',
    merits_settled: '对错已经裁定过，只能为原来的方案定一个新期限。',
    platform_owes: '原裁定再次没有兑现，现在应由平台承担（先行赔付）。',
    remedy_owed: '这个方案平台必须兑现，不能再裁定。',
    remedy_required: '请写明维持或改变后的处理方案。',
    refusal_overturned: '复核已经认定应当受理，不能再次拒绝。',
    rotation_limit: '链接更换的次数已经用完。请让买家用取件码。',
    unknown_step: '没有这一步，或者这一步没有这项内容。',
    redaction_not_due: '作者没有申请，复核期也没过：只有两位主管可以删除，请交给主管。',
    already_asked: '这项删除您已经提出，要由另一位主管来删除。',
    already_redacted: '这项内容已经删除。',
    not_found: '没有这个投诉。',
    key_reused: '同一张表单提交了两次不同的内容，请刷新页面。',
    read_only: '日志现在只读，暂时不能记录。',
    clock_behind: '服务器时间不对，暂时不能记录。',
  },
  otherRefusal: '现在不能这样做，请看看最新的进度。',
}
