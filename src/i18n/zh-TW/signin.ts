import type { SignInWords } from '../zh-CN/signin.ts'

export const signInZhTW: SignInWords = {
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
