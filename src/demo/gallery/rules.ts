import { sha256 } from '@noble/hashes/sha2.js'
import { type AdoptedRule, ruleDocument } from '../../complaint/platform-rule.ts'
import { DAY } from '../../complaint/time.ts'
import { toBase64url, utf8 } from '../../log/encoding.ts'

/** Saturday, 21 November 2026, 18:05 in Shanghai, when the stories begin. */
export const START = Date.parse('2026-11-21T10:05:00Z')

const rule = (code: string, version: number, title: string, text: string, days: number): AdoptedRule => {
  const said = { code, version, title, text, locale: 'zh-CN' } as const
  return { ...said, digest: toBase64url(sha256(utf8(ruleDocument(said)))), at: START + days * DAY }
}

/** A library as a supervisor would have it: a rule with two versions, and one that came after the complaints. */
export const RULES: readonly AdoptedRule[] = [
  rule('misdescribed', 1, '描述不符的处理', '商品与详情页描述不符的，支持退货退款，运费由商家承担。', -90),
  rule(
    'misdescribed',
    2,
    '描述不符的处理',
    '一、商品的材质、版型、规格与详情页不符，且商家不能证明相符的，认定为描述不符。\n二、未使用的，支持退货退款，往返运费由商家承担；买家愿意保留的，支持部分退款。',
    -20,
  ),
  rule('colour', 1, '色差的认定', '同一光线下肉眼可辨、并影响通常使用的，认定为描述不符；显示器造成的差异除外。', 1),
]
