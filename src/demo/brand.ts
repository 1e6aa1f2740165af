import { readBrand } from '../config/brand.ts'

/** A shop of its own name, which the demo shows beside the default: as an operator would set it with TOUSU_BRAND. */
export const DEMO_BRAND = readBrand(
  JSON.stringify({
    names: { 'zh-CN': '小满商城', 'zh-TW': '小滿商城', en: 'Xiaoman Mall' },
    logo: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="16" fill="#7a2e8e"/><path d="M9 12h14l-2 12H11z" fill="#fff"/><path d="M12 12a4 4 0 0 1 8 0" fill="none" stroke="#fff" stroke-width="2"/></svg>',
    hue: '#7a2e8e',
    hotline: '400-000-0000',
    company: '小满商城（演示）有限公司',
    icp: '演ICP备00000000号',
    links: [{ text: { 'zh-CN': '用户协议', 'zh-TW': '使用者協議', en: 'Terms' }, url: '/privacy' }],
  }),
)
