import { shanghaiDateTime } from '../../complaint/time.ts'
import { entry } from '../../i18n/values.ts'
import type { Drawn, Field } from '../acts/fields.ts'
import { idOf } from '../acts/fields.ts'
import { type Html, html } from '../html.ts'
import { type DeskPage, wordsOf } from './context.ts'

/** A form of the desk being drawn. `act` finds its labels; `prefix` begins its field names where a page holds many. */
export interface DeskDrawn extends Drawn {
  page: DeskPage
  act: string
  prefix?: string
}

export const labelOf = (act: string, name: string, page: DeskPage): string => {
  const { fields } = wordsOf(page)
  return entry(fields, `${name}.${act}`) ?? entry(fields, name) ?? name
}

export const named = ({ act, prefix = '', page }: DeskDrawn, name: string, more: Partial<Field> = {}): Field => ({
  name: prefix + name,
  label: labelOf(act, name, page),
  ...more,
})

/** A date and an hour in Asia/Shanghai; the route gives it its offset. */
export const timeField = (drawn: DeskDrawn, field: Field, from: number, until: number | null): Html => {
  const id = idOf(drawn.name, field.name)
  const typed = drawn.back?.values[field.name] ?? ''
  const problem = drawn.back?.problems.find(each => each.field === field.name)?.message
  const by = [field.hint !== undefined && `${id}-hint`, problem !== undefined && `${id}-problem`].filter(Boolean)
  return html`<p class="field"><label for="${id}">${field.label}${field.optional ? html`<small>${wordsOf(drawn.page).optional}</small>` : null}</label>${
    field.hint !== undefined && html`<small id="${id}-hint">${field.hint}</small>`
  }${problem !== undefined && html`<strong class="problem" id="${id}-problem">${problem}</strong>`}<input type="datetime-local" id="${id}" name="${field.name}" value="${typed.slice(0, 16)}" min="${shanghaiDateTime(from)}"${
    until !== null && html` max="${shanghaiDateTime(until)}"`
  }${!field.optional && html` required`}${by.length > 0 && html` aria-describedby="${by.join(' ')}"`}${problem !== undefined && html` aria-invalid="true"`}></p>
`
}
