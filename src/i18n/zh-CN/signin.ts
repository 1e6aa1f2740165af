/** Words of the way in and out. */
export const signInZhCN = {
  title: '登录',
  lead: '商家客服、平台承办人和主管从这里进入工作台。',
  go: '用工作账号登录',
  buyers: '买家不用登录：打开短信里的链接就行。链接找不到了？',
  pickup: '用取件码查进度',
  none: '这台服务器还没有设置登录。请管理员按部署文档设置身份提供方。',
  again: '重新登录',
  demo: {
    title: '选一个身份',
    lead: '这里是演示，不需要密码。',
    roles: {
      merchant: '商家客服',
      merchant2: '另一位客服',
      platform: '平台承办人',
      supervisor: '平台主管',
      supervisor2: '另一位主管',
    },
    does: {
      merchant: '答复本店的投诉、提交凭证、申请延期',
      merchant2: '与同事分工、看对方的备注：同一家店',
      platform: '受理、调查、裁定',
      supervisor: '处理第三次转交和平台逾期的投诉',
      supervisor2: '同意或不同意删除内容：要两位主管',
    },
  },
  out: {
    title: '已退出',
    text: '这台设备上的登录已经结束。',
    provider: '工作账号本身可能还登录着。用的是别人的电脑？请一并退出。',
    end: '退出工作账号',
  },
  failures: {
    unreachable: {
      title: '现在无法登录',
      text: '工作账号的登录服务没有回应。请过几分钟再试，已有的投诉和时限不受影响。',
    },
    stale: {
      title: '这次登录已经过期',
      text: '登录要在十分钟内、在同一个浏览器里完成，而且每次只能用一回。请重新登录。',
    },
    denied: { title: '没有登录', text: '登录在工作账号的页面上被取消了。需要进入时，请重新登录。' },
    refused: {
      title: '登录没有成功',
      text: '工作账号给的凭证没有通过核对，所以没有登录。请重新登录；还是不行，请告诉管理员。',
    },
    no_role: {
      title: '这个账号没有开通',
      text: '账号没有分配角色，或者没有写明属于哪个商家。请联系管理员开通，再重新登录。',
    },
  },
  origin: {
    title: '这次提交没有被接受',
    text: '为了您的账号安全，工作台只接受从自己页面上提交的内容。这一次看不出来自我们的页面，所以什么都没有记录。',
    what: '请从工作台里重新打开页面再提交。如果用的是应用内的浏览器，请换成系统浏览器。',
    back: '打开工作台',
  },
}

export type SignInWords = typeof signInZhCN
