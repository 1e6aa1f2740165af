/** Words around the page that shows openapi.json. What the document itself says is in English, as its readers' programs are. */
export const apiZhCN = {
  title: '接口',
  lead: '给商家和平台的程序使用。下面的说明由接口文档直接生成，用英文写；程序请读',
  common: '读取和查找',
  key: '要接口密钥',
  link: '凭买家的链接，不要密钥',
  parameters: '参数',
  body: '请求内容',
  answers: '答复',
  required: '必填',
  webhooks: '推送的事件',
  webhooksText: '每一步都会推送到商家登记的地址：',
  schemas: '数据结构',
}

export type ApiWords = typeof apiZhCN
