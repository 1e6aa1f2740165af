// Devices of the buyer (docs/log.md, section 11): which are bound, what public/sign.js needs to sign, and what to do where it can't.

import type { ComplaintView, StepView } from '../../complaint/view/types.ts'
import type { TrackContext } from '../context.ts'
import { type Html, html } from '../html.ts'

/** What public/sign.js reads of a page: `base` is the path of the complaint's tracking page. */
export const signingData = (
  { steps }: Pick<ComplaintView, 'steps'>,
  { base, signing, words }: Pick<TrackContext, 'base' | 'signing' | 'words'>,
): Html | null =>
  signing
    ? html` data-c="${signing.c}" data-origin="${signing.origin}" data-keys="${keysIn(steps).join(' ')}" data-seen="${steps.at(-1)?.leaf ?? ''}" data-action="${base}/device-keys" data-wrong="${words.problems.last4}"`
    : null

const keysIn = (steps: ComplaintView['steps']): string[] => steps.flatMap(step => boundIn(step) ?? [])

/** Thumbprint of the key that a step binds: a `key_bound`, or a submission that the phone signed. */
export const boundIn = ({ kind, fields }: StepView): string | null => {
  const { key } =
    kind === 'key_bound' ? fields : kind === 'submitted' && typeof fields.device === 'object' ? fields.device : {}
  return typeof key === 'string' ? key : null
}

/** Without a script the page can't sign, and says so; the form would bind nothing. */
export const devices = (view: ComplaintView, page: TrackContext): Html | null => {
  const { words, signing } = page
  const { devices, acts } = words
  return signing
    ? html`<section class="plain" id="device" aria-labelledby="device-title"${signingData(view, page)}>
<h2 id="device-title">${devices.title}</h2>
<p>${devices.text}</p>
${list(view, page)}
<p data-when="bound" hidden>${devices.bound}</p><p data-when="cannot">${devices.cannot}</p>
<form data-when="further" hidden><p class="field"><label for="device-last4">${acts.fields.last4}</label><small>${devices.further}</small><input id="device-last4" name="last4" inputmode="numeric" maxlength="4" pattern="[0-9]{4}" required autocomplete="off"></p><button class="second">${devices.bind}</button></form>
<details><summary>${devices.help}</summary><p class="note">${devices.helpText}</p></details>
</section>`
    : null
}

const list = ({ steps }: ComplaintView, { words: { devices }, dictionary }: TrackContext): Html | null => {
  const bound = steps.flatMap(step => {
    const key = boundIn(step)
    return key === null ? [] : [{ key, at: step.at }]
  })
  if (bound.length === 0) return null
  const signedBy = (key: string): Html | false => {
    const count = steps.filter(({ kind, signed }) => kind !== 'key_bound' && signed?.key === key).length
    return count > 0 && html`<small>${devices.signs(count)}</small>`
  }
  return html`<ol class="files">${bound.map(
    ({ key, at }, i) =>
      html`<li data-key="${key}"><b>${devices.nth(i + 1)}</b> <span class="tag good" hidden>${devices.own}</span><small><time datetime="${at}">${dictionary.when(at)}</time></small>${signedBy(key)}</li>`,
  )}</ol>`
}
