import type { Locale } from '../../complaint/words.ts'

/** Words of the way in and out. */
const signInZhCN = {
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

const signInZhTW: SignInWords = {
  title: '登入',
  lead: '賣家客服、平台承辦人和主管由此進入工作台。',
  go: '以工作帳號登入',
  buyers: '買家不必登入：點開簡訊裡的連結即可。找不到連結？',
  pickup: '用取件碼查進度',
  none: '這台伺服器尚未設定登入方式。請管理員依部署文件設定身分提供者。',
  again: '重新登入',
  demo: {
    title: '選擇身分',
    lead: '這裡是示範環境，不需要密碼。',
    roles: {
      merchant: '賣家客服',
      merchant2: '另一位客服',
      platform: '平台承辦人',
      supervisor: '平台主管',
      supervisor2: '另一位主管',
    },
    does: {
      merchant: '回覆本店的投訴、提供證據、申請延期',
      merchant2: '與同事分工、看對方的備註：同一家店',
      platform: '受理、調查、裁定',
      supervisor: '處理第三次轉交，以及平台逾期的投訴',
      supervisor2: '同意或不同意刪除內容：要兩位主管',
    },
  },
  out: {
    title: '已登出',
    text: '這台裝置上的登入已結束。',
    provider: '工作帳號本身可能仍在登入狀態。若是別人的電腦，請一併登出。',
    end: '登出工作帳號',
  },
  failures: {
    unreachable: {
      title: '目前無法登入',
      text: '工作帳號的登入服務沒有回應。請過幾分鐘再試，既有的投訴和期限不受影響。',
    },
    stale: { title: '這次登入已失效', text: '登入須在十分鐘內、用同一個瀏覽器完成，而且只能使用一次。請重新登入。' },
    denied: { title: '尚未登入', text: '您在工作帳號的頁面取消了登入。需要時請重新登入。' },
    refused: {
      title: '登入未成功',
      text: '工作帳號提供的憑證未通過驗證，因此沒有登入。請重新登入；若仍不行，請通知管理員。',
    },
    no_role: {
      title: '這個帳號尚未開通',
      text: '帳號沒有指派角色，或未註明屬於哪一家賣家。請聯絡管理員開通後再登入。',
    },
  },
  origin: {
    title: '這次送出的內容未被接受',
    text: '為了您的帳號安全，工作台只接受從自己頁面送出的內容。這次無法確認來源，因此沒有留下任何紀錄。',
    what: '請回到工作台重新開啟頁面再送出。若使用的是 App 內建瀏覽器，請改用系統瀏覽器。',
    back: '開啟工作台',
  },
}

const signInEn: SignInWords = {
  title: 'Sign in',
  lead: 'For sellers’ staff, platform officers and supervisors.',
  go: 'Sign in with your work account',
  buyers: 'Buyers need no account: open the link in your text message. Lost it?',
  pickup: 'Use your pickup code',
  none: 'Sign-in is not set up on this server yet. An administrator needs to set the identity provider, as the deployment guide says.',
  again: 'Sign in again',
  demo: {
    title: 'Choose who you are',
    lead: 'This is a demo. No password is needed.',
    roles: {
      merchant: 'Seller’s staff',
      merchant2: 'A colleague of theirs',
      platform: 'Platform officer',
      supervisor: 'Platform supervisor',
      supervisor2: 'A second supervisor',
    },
    does: {
      merchant: 'Answers complaints about one shop, adds evidence, asks for more time',
      merchant2: 'Shares the same shop’s complaints: notes, assignment',
      platform: 'Takes cases, investigates, rules',
      supervisor: 'Sees to third handoffs and to what the platform left overdue',
      supervisor2: 'Agree to an erasure: it takes two supervisors',
    },
  },
  out: {
    title: 'Signed out',
    text: 'You are signed out on this device.',
    provider: 'Your work account itself may still be signed in. On a shared computer, sign out there too.',
    end: 'Sign out of the work account',
  },
  failures: {
    unreachable: {
      title: 'Sign-in is not available right now',
      text: 'The sign-in service of your work account does not answer. Try again in a few minutes; complaints and deadlines are not affected.',
    },
    stale: {
      title: 'This sign-in has expired',
      text: 'A sign-in has to be finished within ten minutes, in the same browser, and works once. Please sign in again.',
    },
    denied: {
      title: 'Not signed in',
      text: 'The sign-in was cancelled on the page of your work account. Sign in again whenever you need to.',
    },
    refused: {
      title: 'The sign-in did not succeed',
      text: 'What your work account sent could not be verified, so you were not signed in. Please try again, and tell an administrator if it keeps happening.',
    },
    no_role: {
      title: 'This account has no access yet',
      text: 'It has no role here, or does not say which seller it belongs to. Ask an administrator for access, then sign in again.',
    },
  },
  origin: {
    title: 'This was not accepted',
    text: 'To keep your account safe, we only take what is sent from our own pages. We could not tell that this was, so nothing was recorded.',
    what: 'Open the page again and send it from there. If you are using a browser inside another app, switch to the browser of your device.',
    back: 'Open the console',
  },
}

export const SIGN_IN_WORDS: Record<Locale, SignInWords> = { 'zh-CN': signInZhCN, 'zh-TW': signInZhTW, en: signInEn }
