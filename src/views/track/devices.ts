// Devices of the buyer (docs/log.md, section 11): which are bound, what public/sign.js needs to sign, and what to do where it can't.

import type { ComplaintView, StepView } from '../../complaint/view/types.ts'
import type { TrackContext } from '../context.ts'
import { type Html, html } from '../html.ts'

interface Device {
  key: string
  /** When it was bound; and of one that was retired, from when it signs no more: ISO 8601. */
  at: string
  until?: string
  /** The step that retired it. */
  by?: number
}

/** The devices of a complaint, the first one first; as `evolve` folds them. */
export const devicesIn = (steps: ComplaintView['steps']): Device[] => {
  const devices = new Map<string, Device>()
  for (const step of steps) {
    const { fields, signed, at, seq } = step
    const [key, signer] = [boundIn(step), devices.get(signed?.key ?? '')]
    if (key !== null) devices.set(key, { key, at })
    else if (signer?.until !== undefined) devices.set(signer.key, { key: signer.key, at: signer.at })
    const retired = step.kind === 'key_retired' && devices.get(String(fields.key))
    if (retired) devices.set(retired.key, { ...retired, until: String(fields.until), by: seq })
  }
  return [...devices.values()]
}

const stands = ({ until }: Device, now: number): boolean => until === undefined || now < Date.parse(until)

/** What public/sign.js reads of a page: `base` is the path of the complaint's tracking page. */
export const signingData = (
  { steps }: Pick<ComplaintView, 'steps'>,
  { base, signing, words, now }: Pick<TrackContext, 'base' | 'signing' | 'words' | 'now'>,
): Html | null =>
  signing
    ? html` data-c="${signing.c}" data-origin="${signing.origin}" data-keys="${keysIn(steps, now)}" data-seen="${steps.at(-1)?.leaf ?? ''}" data-action="${base}/device-keys" data-wrong="${words.problems.last4}"`
    : null

/** Those that may sign. Where all were retired a word that is no key: a further device is no first one. */
const keysIn = (steps: ComplaintView['steps'], now: number): string => {
  const devices = devicesIn(steps)
  const keys = devices.filter(device => stands(device, now)).map(({ key }) => key)
  return keys.length === 0 && devices.length > 0 ? 'none' : keys.join(' ')
}

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

const list = (view: ComplaintView, page: TrackContext): Html | null => {
  const { steps } = view
  const { words, dictionary, now } = page
  const { devices } = words
  const bound = devicesIn(steps)
  if (bound.length === 0) return null
  const signedBy = (key: string): Html | false => {
    const count = steps.filter(({ kind, signed }) => kind !== 'key_bound' && signed?.key === key).length
    return count > 0 && html`<small>${devices.signs(count)}</small>`
  }
  const ending = (device: Device): Html | false => {
    const { until } = device
    const tell = stands(device, now) ? devices.until : devices.retired
    return until !== undefined && html` <span class="tag bad">${tell(dictionary.when(until))}</span>`
  }
  return html`<ol class="files">${bound.map(
    (device, i) =>
      html`<li data-key="${device.key}"><b>${devices.nth(i + 1)}</b> <span class="tag good" hidden>${devices.own}</span>${ending(device)}<small><time datetime="${device.at}">${dictionary.when(device.at)}</time></small>${signedBy(device.key)}${stands(device, now) && retirement(device, i, page)}</li>`,
  )}</ol>`
}

/** The form that retires a device; on one that is to be retired, a report that its signature makes an objection. */
const retirement = ({ key, by }: Device, i: number, { base, words }: TrackContext): Html => {
  const { devices, acts } = words
  if (by !== undefined)
    return html`<form method="post" action="${base}/conduct-report" hx-post="${base}/conduct-report" hidden><input type="hidden" name="seq" value="${by}"><input type="hidden" name="text" value="${devices.notMe}"><button>${devices.keep}</button></form>`
  return html`<details><summary>${devices.retire}</summary><form method="post" action="${base}/device-key-retirements" hx-post="${base}/device-key-retirements"><p class="note">${devices.retireText}</p><input type="hidden" name="key" value="${key}"><p class="field"><label for="retire-${i}">${acts.fields.last4}</label><input id="retire-${i}" name="last4" inputmode="numeric" maxlength="4" pattern="[0-9]{4}" required autocomplete="off"></p><button class="second">${devices.retire}</button></form></details>`
}
