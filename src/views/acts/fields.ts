import type { ComplaintView } from '../../complaint/view/types.ts'
import type { PageWords } from '../../i18n/index.ts'
import { entry } from '../../i18n/values.ts'
import type { FormState, PageContext } from '../context.ts'
import { type Html, html } from '../html.ts'

/** A form being drawn: its name, and what it was given when it came back. */
export interface Drawn {
  name: string
  page: PageContext
  back: FormState | null
}

export interface Field {
  name: string
  label: string
  optional?: true
  /** Needed or not by what another field says: no browser can tell, so the hint does. */
  depends?: true
  hint?: string
}

/** If-Match as a form field: the newest leaf that this page shows. Makes a double submit one step and a stale one 409. */
export const seenField = ({ steps }: ComplaintView): Html =>
  html`<input type="hidden" name="seen" value="${steps.at(-1)?.leaf ?? ''}">`

/** Labels may differ from form to form: `field.form` wins over `field`. */
export const labelFor = (form: string, field: string, { acts }: PageWords): string =>
  entry(acts.fields, `${field}.${form}`) ?? entry(acts.fields, field) ?? field

export const idOf = (form: string, field: string): string => `${form}-${field.replaceAll('.', '-')}`

const typedIn = ({ back }: Drawn, field: string): string => back?.values[field] ?? ''

const problemOf = ({ back }: Drawn, field: string): string | null =>
  back?.problems.find(problem => problem.field === field)?.message ?? null

const notes = (drawn: Drawn, { name, hint }: Field): Html => {
  const id = idOf(drawn.name, name)
  const problem = problemOf(drawn, name)
  return html`${hint !== undefined && html`<small id="${id}-hint">${hint}</small>`}${
    problem !== null && html`<strong class="problem" id="${id}-problem">${problem}</strong>`
  }`
}

/** Attributes that tie a control to its hint and its problem. */
const described = (drawn: Drawn, { name, hint }: Field): Html => {
  const id = idOf(drawn.name, name)
  const wrong = problemOf(drawn, name) !== null
  const by = [hint !== undefined && `${id}-hint`, wrong && `${id}-problem`].filter(Boolean).join(' ')
  return html`${by && html` aria-describedby="${by}"`}${wrong && html` aria-invalid="true"`}`
}

const attributes = (drawn: Drawn, field: Field): Html =>
  html`id="${idOf(drawn.name, field.name)}" name="${field.name}"${!field.optional && !field.depends && html` required`}${described(drawn, field)}`

const labelled = (drawn: Drawn, field: Field, control: Html): Html => {
  const optional = field.optional && html`<small>${drawn.page.words.acts.optional}</small>`
  return html`<p class="field"><label for="${idOf(drawn.name, field.name)}">${field.label}${optional ?? null}</label>${notes(drawn, field)}${control}</p>
`
}

export const textField = (
  drawn: Drawn,
  field: Field & {
    mode?: 'decimal' | 'numeric' | 'tel' | 'url'
    length?: number
    type?: 'datetime-local'
    choices?: readonly string[]
  },
): Html => {
  const { mode, length, type, choices = [] } = field
  const list = choices.length > 0 ? `${idOf(drawn.name, field.name)}-list` : null
  const control = html`<input${type !== undefined && html` type="${type}"`} ${attributes(drawn, field)} value="${typedIn(drawn, field.name)}" autocomplete="off"${
    mode !== undefined && html` inputmode="${mode}"`
  }${length !== undefined && html` maxlength="${length}"`}${list !== null && html` list="${list}"`}>${list !== null && html`<datalist id="${list}">${choices.map(text => html`<option value="${text}"></option>`)}</datalist>`}`
  return labelled(drawn, field, control)
}

// The newline after the tag is dropped by the parser, so that one at the start of the text is kept.
export const areaField = (drawn: Drawn, field: Field): Html =>
  labelled(
    drawn,
    field,
    html`<textarea ${attributes(drawn, field)} rows="3">
${typedIn(drawn, field.name)}</textarea>`,
  )

export const filesField = (drawn: Drawn, field: Field): Html =>
  labelled(
    drawn,
    field,
    html`<input type="file" ${attributes(drawn, field)} multiple accept="image/*,application/pdf,video/mp4" data-words="${photoWords(drawn.page.words)}">`,
  )

/** What public/photos.js says, in the order in which it reads it. */
const photoWords = ({ photos }: PageWords): string => {
  const { tooMany, tooBig, remove, camera, original, sending, failed, again } = photos
  return [tooMany, tooBig, remove, camera, original, sending, failed, again].join('|')
}

type Options = readonly (readonly [value: string, label: string])[]

export const selectField = (drawn: Drawn, field: Field, options: Options, none?: string): Html => {
  const typed = typedIn(drawn, field.name)
  return labelled(
    drawn,
    field,
    html`<select ${attributes(drawn, field)}>${none !== undefined && html`<option value="">${none}</option>`}${options.map(
      ([value, label]) => html`<option value="${value}"${value === typed && html` selected`}>${label}</option>`,
    )}</select>`,
  )
}

export const radioField = (drawn: Drawn, field: Field, options: Options, look = ''): Html => {
  const id = idOf(drawn.name, field.name)
  const typed = typedIn(drawn, field.name)
  return html`<fieldset id="${id}" class="field ${look}"${described(drawn, field)}><legend>${field.label}</legend>${notes(drawn, field)}${options.map(
    ([value, label]) =>
      html`<label class="tick"><input type="radio" name="${field.name}" value="${value}" required${value === typed && html` checked`}> ${label}</label>`,
  )}</fieldset>
`
}

export const checkField = (
  drawn: Drawn,
  field: Field,
): Html => html`<p class="field"><label class="tick"><input type="checkbox" value="yes" ${attributes(drawn, field)}${
  typedIn(drawn, field.name) === 'yes' && html` checked`
}> ${field.label}</label>${notes(drawn, field)}</p>
`
