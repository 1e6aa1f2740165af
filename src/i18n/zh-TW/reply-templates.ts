import type { Templates } from '../reply-templates.ts'

const goods = (item: string): string => (item === '' ? '商品' : `「${item}」`)

export const templatesZhTW: Templates = {
  offer: {
    agree: {
      label: '同意買家的要求',
      text: ({ item, sought }) =>
        `您好，很抱歉${goods(item)}造成您的困擾。我們同意您的要求${sought && `（${sought}）`}，會準時辦理，辦好後請您確認。`,
    },
    partial: {
      label: '部分退款，商品留用',
      text: ({ item }) =>
        `您好，很抱歉${goods(item)}沒有讓您滿意。我們願意退還部分款項，商品由您留用。金額的考量如下：【請填寫理由】。若您不同意，可以請平台介入。`,
    },
    return: {
      label: '退貨退款',
      text: ({ item }) =>
        `您好，請將${goods(item)}連同配件與贈品寄回，我們收到後會準時退款，運費由我們負擔。寄出後請在本頁填寫物流單號。`,
    },
    exchange: {
      label: '換貨',
      text: ({ item }) =>
        `您好，很抱歉${goods(item)}有問題。請寄回，我們收到後會換一件新的給您，來回運費由我們負擔。寄出後請在本頁填寫物流單號。`,
    },
    reship: {
      label: '補寄',
      text: ({ item }) =>
        `您好，很抱歉${goods(item)}沒有寄齊。我們會將缺少的【請填寫缺少的東西】補寄給您，已收到的不必退回。`,
    },
    repair: {
      label: '維修',
      text: ({ item }) => `您好，請將${goods(item)}寄回，我們免費維修後寄還給您，來回運費由我們負擔。`,
    },
  },
  rejection: {
    as_described: {
      label: '商品與描述相符',
      text: ({ item }) =>
        `您好，我們核對了${goods(item)}的商品頁與出貨紀錄：【請填寫核對的內容】，與描述一致。若您不同意，可以請平台介入。`,
    },
    misuse: {
      label: '使用不當',
      text: ({ item }) =>
        `您好，從照片看來，${goods(item)}的問題在於【請填寫現象】，說明書第【幾】頁提醒過【請填寫要求】。若您不同意，可以請平台介入。`,
    },
    out_of_time: {
      label: '超過期限',
      text: () => '您好，這筆訂單於【日期】簽收，已超過【請填寫哪一項】的期限。若您不同意，可以請平台介入。',
    },
    courier: {
      label: '物流責任',
      text: () =>
        '您好，出貨時包裝完好（見照片），破損發生在運送途中。我們已向物流公司【請填寫進度】。若您不同意，可以請平台介入。',
    },
    already_settled: {
      label: '先前已處理',
      text: () => '您好，這個問題已於【日期】處理：【請填寫處理方式與憑證】。若您不同意，可以請平台介入。',
    },
  },
  fulfilment: {
    refunded: {
      label: '已退款',
      text: () => '您好，退款已退回原付款方式，通常【1 至 3】個工作天入帳。入帳後請在本頁確認。',
    },
    reshipped: { label: '已出貨', text: () => '您好，商品已寄出，物流公司與單號見憑證。收到後請檢查，再於本頁確認。' },
    repaired: {
      label: '已修好寄還',
      text: () => '您好，商品已修好並寄還，更換了【請填寫零件】。收到後請檢查，再於本頁確認。',
    },
  },
  extensions: {
    checking: { label: '正在查證', text: () => '正在向倉庫核對出貨紀錄，需要【幾】天才有結果。' },
    courier: { label: '等物流公司回覆', text: () => '已向物流公司查詢，對方回覆需要【幾】天。' },
    stock: { label: '等補貨', text: () => '商品暫時缺貨，預計【日期】到貨，到貨後立即辦理。' },
  },
  messages: {
    photos: {
      label: '請買家補充照片',
      text: ({ item }) =>
        `您好，為了儘快處理，請補充幾張${goods(item)}的照片：整體、問題處的近照、標籤。在本頁「補充證據」上傳即可。`,
    },
    checking: { label: '正在查證', text: () => '您好，我們正在查證，最晚【日期】在這裡回覆您。' },
    address: { label: '確認地址', text: () => '您好，補寄前請確認收件地址是否有變動。沒有變動就不必回覆。' },
  },
}
