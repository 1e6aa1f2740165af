import { areaField, filesField } from '../acts/fields.ts'
import type { PageContext } from '../context.ts'
import { type Html, html } from '../html.ts'
import { layout } from '../layout.ts'

export interface ExpiredForm {
  /** Where the form was sent to, and the page that it stood on. */
  action: string
  room: string
  typed: Readonly<Record<string, string>>
  /** Files came with it. */
  files: boolean
}

const WRITTEN = /(^|\.)(statement|reasons?|text|proof|facts|rule|request)$/

/** The form of a user whose session expired while typing, ready to be sent again. No one is signed in, so it shows nothing else. */
export const expiredFormPage = (late: ExpiredForm, page: PageContext): Html => {
  const words = page.console.late
  return layout({
    title: words.title,
    page,
    here: late.room,
    main: html`<section class="plain"><h1>${words.title}</h1><p>${words.text}</p>
<p><a class="button" href="/signin?to=${encodeURIComponent(late.room)}" target="_blank" rel="noopener">${words.signIn}</a></p></section>
<section class="plain"><form method="post" action="${late.action}"${late.files && html` enctype="multipart/form-data"`}>
${fields(late, page)}<p><button>${words.send}</button></p>
<p class="note"><a href="${late.room}">${words.page}</a></p>
</form></section>`,
  })
}

const fields = ({ typed, files }: ExpiredForm, page: PageContext): Html[] => {
  const words = page.console.late
  const drawn = { name: 'late', page, back: { values: typed, problems: [] } }
  const names = Object.keys(typed)
  const written = names.filter(name => WRITTEN.test(name))
  return [
    ...names
      .filter(name => !written.includes(name))
      .map(name => html`<input type="hidden" name="${name}" value="${typed[name] ?? ''}">`),
    // Empty fields may stay empty: the form's own handler validates them.
    ...written.map((name, i) => areaField(drawn, { name, label: words.written(i + 1), depends: true })),
    ...(files ? [filesField(drawn, { name: 'files', label: words.files, depends: true })] : []),
  ]
}
