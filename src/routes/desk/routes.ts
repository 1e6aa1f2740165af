import { Hono } from 'hono'
import { type Deps, readId } from '../deps.ts'
import { toItsPage } from '../forms.ts'
import { switchShortcuts } from '../shortcuts.ts'
import { type Signed, signedIn } from '../signin/session.ts'
import { actOnCase, addNote, caseFile, caseReceipt, dropNote, redirectToCase, showCase, showHere } from './acts.ts'
import { settleAlert, showAlerts, showMessages } from './alerts.ts'
import { ruleOnBatch, showBatch } from './batch.ts'
import { actOnAll, showBulk } from './bulk.ts'
import { deskFiguresCsv, deskFiguresJson, showDeskFigures } from './figures.ts'
import { saveIncident, showIncidents } from './incidents.ts'
import { changeKeys, showKeys } from './keys.ts'
import { findComplaint, showCounts, showQueue } from './queue.ts'
import { saveRule, showRuleLibrary } from './rules.ts'
import { showSettings, tryDocument } from './settings.ts'
import { saveContact, showSupervision } from './supervisor.ts'

/** The officer's desk, and the supervisor's view of it. */
export const deskRoutes = (deps: Deps) =>
  new Hono<Signed>()
    .use(signedIn(deps, 'platform', 'supervisor'))
    .use('/supervisor', signedIn(deps, 'supervisor'))
    .use('/figures', signedIn(deps, 'supervisor'))
    .use('/figures.csv', signedIn(deps, 'supervisor'))
    .use('/figures.json', signedIn(deps, 'supervisor'))
    .use('/settings', signedIn(deps, 'supervisor'))
    .use('/contacts', signedIn(deps, 'supervisor'))
    .get('/', c => showQueue(c, deps))
    .get('/counts', c => showCounts(c, deps))
    .get('/search', toItsPage)
    .post('/search', c => findComplaint(c, deps))
    .get('/complaints/:id', c => showCase(c, deps, readId(c.req.param('id'))))
    .get('/complaints/:id/receipt.json', c => caseReceipt(c, deps, readId(c.req.param('id'))))
    .get('/complaints/:id/files/:sha256', c => caseFile(c, deps, readId(c.req.param('id')), c.req.param('sha256')))
    .get('/complaints/:id/here', c => showHere(c, deps, readId(c.req.param('id'))))
    .post('/complaints/:id/notes', c => addNote(c, deps, readId(c.req.param('id'))))
    .post('/complaints/:id/note-removals', c => dropNote(c, deps, readId(c.req.param('id'))))
    .get('/complaints/:id/:act', c => redirectToCase(c, c.req.param('act')))
    .post('/complaints/:id/:act', c => actOnCase(c, deps, readId(c.req.param('id')), c.req.param('act')))
    .get('/shortcuts', toItsPage)
    .post('/shortcuts', c => switchShortcuts(c, deps))
    .get('/bulk', c => showBulk(c, deps))
    .post('/bulk', c => actOnAll(c, deps))
    .get('/batch', c => showBatch(c, deps))
    .post('/batch', c => ruleOnBatch(c, deps))
    .get('/figures', c => showDeskFigures(c, deps))
    .get('/figures.csv', c => deskFiguresCsv(c, deps))
    .get('/figures.json', c => deskFiguresJson(c, deps))
    .get('/supervisor', c => showSupervision(c, deps))
    .get('/settings', c => showSettings(c, deps))
    .post('/settings', c => tryDocument(c, deps))
    .get('/contacts', c => c.redirect('/desk/supervisor', 303))
    .post('/contacts', c => saveContact(c, deps))
    .get('/alerts', c => showAlerts(c, deps))
    .get('/alerts/settlements', toItsPage)
    .post('/alerts/settlements', c => settleAlert(c, deps))
    .get('/messages', c => showMessages(c, deps))
    .get('/rules', c => showRuleLibrary(c, deps))
    .post('/rules', c => saveRule(c, deps))
    .get('/keys', c => showKeys(c, deps))
    .post('/keys', c => changeKeys(c, deps))
    .get('/keys/:change', toItsPage)
    .post('/keys/:change', c => changeKeys(c, deps, c.req.param('change')))
    .get('/incidents', c => showIncidents(c, deps))
    .post('/incidents', c => saveIncident(c, deps))
