import type { ComplaintView } from '../../complaint/view/types.ts'
import { OUTSIDE_WORDS } from '../../i18n/areas/outside.ts'
import type { TrackContext } from '../context.ts'
import { remedyWords } from '../facts.ts'
import { type Html, html } from '../html.ts'
import { courseOf, negotiationOf, recordBody } from './record.ts'

// The page stands alone in its folder: no address of ours is loaded, and none is linked.
const STYLE = `body{max-width:46rem;margin:auto;padding:1rem;font:16px/1.5 sans-serif;color:#000;background:#fff}
ol{padding:0;list-style:none}li{padding:.5rem 0;border-bottom:1px solid #999}dl>div{display:flex;gap:1em}dt{flex:0 0 7em;color:#444}dd{margin:0}
.said{margin-left:1em;white-space:pre-wrap}.leaf,figcaption{font-size:.75rem;color:#444;overflow-wrap:anywhere}
figure{margin:.5rem 0;break-inside:avoid}figure>img{display:block;width:8cm;max-width:100%}svg{width:5cm;height:5cm}`

/** The record as a file, whose photos lie beside it: `paths` by SHA-256. */
export const packedRecord = (
  view: ComplaintView,
  page: TrackContext,
  { phone, paths }: { phone: string | null; paths: ReadonlyMap<string, string> },
): Html => html`<!doctype html>
<html lang="${page.locale}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${page.words.record.title} · ${view.complaint.id}</title><style>${STYLE}</style></head>
<body>
${recordBody(view, page, { phone, hrefOf: sha256 => paths.get(sha256) ?? '' })}
</body>
</html>
`

/** The four fields that the form asks for, and what stands around them, as plain text. */
export const formForOutside = (view: ComplaintView, page: TrackContext, phone: string | null): string => {
  const { words, dictionary, site = '', verifyUrl = '/verify' } = page
  const { pack } = OUTSIDE_WORDS[page.locale]
  const { order, colon } = words
  const { complaint, steps } = view
  const fields = steps[0]?.fields ?? {}
  const { time, way, result, missed } = negotiationOf(view, page)
  const line = (label: string, value: unknown): string[] =>
    typeof value === 'string' && value !== '' ? [`${label}${colon}${value}`] : []
  return [
    pack.intro,
    '',
    ...line(pack.who, complaint.merchant.name),
    ...line(order.buyer, complaint.buyer),
    ...line(order.phone, phone ?? fields.buyerPhoneMasked),
    ...line(pack.what, [fields.item, fields.orderId].filter(each => typeof each === 'string').join(words.between)),
    ...line(pack.wish, remedyWords(complaint.remedySought, dictionary)),
    '',
    ...line(pack.time, time),
    '',
    `${pack.course}${colon}`,
    ...courseOf(view, page).map(text => `  ${text}`),
    '',
    ...line(pack.way, way),
    '',
    ...line(pack.result, result),
    ...line(pack.missed, missed.join(words.between)),
    '',
    pack.check(`${site}${verifyUrl}`),
    '',
  ].join('\r\n')
}
