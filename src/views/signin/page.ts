import { TEXT_FIELDS } from '../../complaint/step.ts'
import { SIGN_IN_WORDS } from '../../i18n/areas/signin.ts'
import { areaField, filesField } from '../acts/fields.ts'
import type { PageContext } from '../context.ts'
import { type Html, html } from '../html.ts'
import { layout } from '../layout.ts'

export type SignInFailure = 'unreachable' | 'stale' | 'denied' | 'refused' | 'no_role'

/** How people get in: by the identity provider, in a demo by choosing a role, or not at all yet. `to` is where they go on. */
export const signInPage = (page: PageContext, way: 'provider' | 'demo' | 'none', to: string): Html => {
  const words = SIGN_IN_WORDS[page.locale]
  const ways = { provider: () => provider(page, to), demo: () => roleChooser(page, to), none: () => notYet(page) }
  return layout({
    title: words.title,
    page,
    main: html`<section class="plain"><h1>${words.title}</h1><p>${words.lead}</p>${way !== 'demo' && ways[way]()}</section>
${way === 'demo' && html`<section class="plain" aria-labelledby="roles">${ways.demo()}</section>`}
<p class="note">${words.buyers} <a href="/#pickup">${words.pickup}</a></p>`,
  })
}

// A link, not a form: a strict `form-action` would stop the way to the provider.
const provider = (page: PageContext, to: string): Html =>
  html`<p><a class="button" href="/signin/start${to && `?to=${encodeURIComponent(to)}`}">${SIGN_IN_WORDS[page.locale].go}</a></p>`

const ROLES = ['merchant', 'merchant2', 'platform', 'supervisor', 'supervisor2'] as const

export const roleChooser = (page: PageContext, to: string): Html => {
  const { demo } = SIGN_IN_WORDS[page.locale]
  return html`<h2 id="roles">${demo.title}</h2><p>${demo.lead}</p>
<form method="post" action="/demo/signin">${to && html`<input type="hidden" name="to" value="${to}">`}
${ROLES.map(role => html`<p class="effect role" id="role-${role}">${demo.does[role]}</p><button class="second" name="role" value="${role}" aria-describedby="role-${role}">${demo.roles[role]}</button>`)}
</form>`
}

const notYet = (page: PageContext): Html => html`<p class="notice">${SIGN_IN_WORDS[page.locale].none}</p>`

/** `endUrl`: where the identity provider's own session can be ended. */
export const signedOutPage = (page: PageContext, endUrl: string | null): Html => {
  const { out, again } = SIGN_IN_WORDS[page.locale]
  return layout({
    title: out.title,
    page,
    main: html`<section class="plain"><h1>${out.title}</h1><p>${out.text}</p>
${endUrl !== null && html`<p>${out.provider}</p><p><a class="button second" href="${endUrl}">${out.end}</a></p>`}
<p><a class="button" href="/signin">${again}</a></p></section>`,
  })
}

export const signInFailedPage = (page: PageContext, failure: SignInFailure): Html => {
  const words = SIGN_IN_WORDS[page.locale]
  const { title, text } = words.failures[failure]
  return layout({
    title,
    page,
    main: html`<section class="plain"><h1>${title}</h1><p>${text}</p><p><a class="button" href="/signin">${words.again}</a></p></section>`,
  })
}

/** A form that came from elsewhere, or from a browser that doesn't say. */
export const foreignOriginPage = (page: PageContext): Html => {
  const { origin } = SIGN_IN_WORDS[page.locale]
  return layout({
    title: origin.title,
    page,
    main: html`<section class="plain"><h1>${origin.title}</h1><p>${origin.text}</p><p>${origin.what}</p><p><a class="button second" href="/signin">${origin.back}</a></p></section>`,
  })
}

export interface ExpiredForm {
  /** Where the form was sent to, and the page that it stood on. */
  action: string
  room: string
  typed: Readonly<Record<string, string>>
  /** Files came with it. */
  files: boolean
}

const WRITTEN = new RegExp(`(^|\\.)(${TEXT_FIELDS.join('|')})$`)

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
