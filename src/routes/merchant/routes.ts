import { Hono } from 'hono'
import { toItsPage } from '../complaint-page.ts'
import { switchShortcuts } from '../console.ts'
import { type Deps, readId } from '../deps.ts'
import { knownToConsole } from '../fields.ts'
import { type Signed, signedIn } from '../signin/session.ts'
import { answerAll, showBulk } from './bulk.ts'
import {
  actOnCase,
  addNote,
  caseFile,
  caseReceipt,
  dropNote,
  giveTo,
  redirectToCase,
  showCase,
  showHere,
} from './case.ts'
import { figuresCsv, figuresJson, findComplaint, showCounts, showFigures, showInbox } from './inbox.ts'
import {
  addHook,
  changeHook,
  changeKeys,
  confirmContact,
  createKey,
  giveUpNumber,
  removeContact,
  removeText,
  resendEvent,
  revokeKey,
  saveContact,
  saveSettingsText,
  showDeliveries,
  showKeys,
  showSettings,
} from './settings.ts'

/** Query parameters of all pages of the console. */
const MERCHANT_QUERY = [
  ...['state', 'turn', 'overdue', 'category', 'assignee', 'cursor'],
  ...['before', 'case', 'days', 'done', 'form', 'ready', 'step'],
]

/** The merchant's console. Each clerk sees the complaints of their own merchant alone: any other is not found. */
export const merchantRoutes = (deps: Deps) => {
  return new Hono<Signed>()
    .use(signedIn(deps, 'merchant'))
    .use(knownToConsole(...MERCHANT_QUERY))
    .get('/', c => showInbox(c, deps))
    .get('/counts', c => showCounts(c, deps))
    .get('/search', toItsPage)
    .post('/search', c => findComplaint(c, deps))
    .get('/shortcuts', toItsPage)
    .post('/shortcuts', c => switchShortcuts(c, deps))
    .get('/bulk', c => showBulk(c, deps))
    .post('/bulk', c => answerAll(c, deps))
    .get('/complaints/:id', c => showCase(c, deps, readId(c.req.param('id'))))
    .get('/complaints/:id/receipt.json', c => caseReceipt(c, deps, readId(c.req.param('id'))))
    .get('/complaints/:id/files/:sha256', c => caseFile(c, deps, readId(c.req.param('id')), c.req.param('sha256')))
    .get('/complaints/:id/here', c => showHere(c, deps, readId(c.req.param('id'))))
    .post('/complaints/:id/notes', c => addNote(c, deps, readId(c.req.param('id'))))
    .post('/complaints/:id/note-removals', c => dropNote(c, deps, readId(c.req.param('id'))))
    .post('/complaints/:id/assignee', c => giveTo(c, deps, readId(c.req.param('id'))))
    .get('/complaints/:id/:act', c => redirectToCase(c, c.req.param('act')))
    .post('/complaints/:id/:act', c => actOnCase(c, deps, readId(c.req.param('id')), c.req.param('act')))
    .get('/figures', c => showFigures(c, deps))
    .get('/figures.csv', c => figuresCsv(c, deps))
    .get('/figures.json', c => figuresJson(c, deps))
    .get('/keys', c => showKeys(c, deps))
    .post('/keys', c => changeKeys(c, deps))
    .get('/keys/:change', toItsPage)
    .post('/keys/:change', c => changeKeys(c, deps, c.req.param('change')))
    .get('/settings', c => showSettings(c, deps))
    .get('/settings/:form', toItsPage)
    .post('/settings/texts', c => saveSettingsText(c, deps))
    .post('/settings/text-removals', c => removeText(c, deps))
    .post('/settings/contact', c => saveContact(c, deps))
    .post('/settings/contact-code', c => confirmContact(c, deps))
    .post('/settings/contact-code-removal', c => giveUpNumber(c, deps))
    .post('/settings/contact-removal', c => removeContact(c, deps))
    .post('/settings/keys', c => createKey(c, deps))
    .post('/settings/key-revocations', c => revokeKey(c, deps))
    .get('/webhooks', c => c.redirect(`/merchant/settings${new URL(c.req.url).search}`, 303))
    .post('/webhooks', c => addHook(c, deps))
    .get('/webhooks/:hook', c => showDeliveries(c, deps, c.req.param('hook')))
    .get('/webhooks/:hook/:change', toItsPage)
    .post('/webhooks/:hook/resends', c => resendEvent(c, deps, c.req.param('hook')))
    .post('/webhooks/:hook/:change', c => changeHook(c, deps, c.req.param()))
}
