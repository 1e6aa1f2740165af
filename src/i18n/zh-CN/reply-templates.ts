import type { Templates } from '../reply-templates.ts'

const goods = (item: string): string => (item === '' ? '商品' : `“${item}”`)

/** To be changed to fit the case: the brackets say what to fill in. */
export const templatesZhCN: Templates = {
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
