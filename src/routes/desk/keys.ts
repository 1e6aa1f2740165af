import type { Context } from 'hono'
import { SIGNING_WORDS } from '../../i18n/areas/signing.ts'
import { deskPage } from '../../views/desk/context.ts'
import { type KeyPage, signingKeysPage } from '../../views/signing-keys.ts'
import type { Deps } from '../deps.ts'
import type { Signed } from '../signin/session.ts'
import { changeSigningKeys, showSigningKeys } from '../signing-keys.ts'
import { deskPageOf } from './case.ts'

const draw = async (c: Context<Signed>, deps: Deps, view: KeyPage): Promise<string> => {
  const { title } = SIGNING_WORDS[view.page.locale]
  return String(deskPage(await deskPageOf(c, deps), { title, current: 'keys', main: signingKeysPage(view) }))
}

/** The officer's own signing keys; a supervisor sees those of all. */
export const showKeys = (c: Context<Signed>, deps: Deps) => showSigningKeys(c, deps, view => draw(c, deps, view))
export const changeKeys = (c: Context<Signed>, deps: Deps, change?: string) =>
  changeSigningKeys(c, deps, view => draw(c, deps, view), change)
