import { Hono } from 'hono'
import type { Deps } from './deps.ts'
import { actOnCase, caseFile, caseReceipt, showCase, toCase } from './desk-acts.ts'
import { settleAlert, showAlerts } from './desk-alerts.ts'
import { ruleOnBatch, showBatch } from './desk-batch.ts'
import { showMessages } from './desk-messages.ts'
import { showQueue } from './desk-queue.ts'
import { saveContact, showSupervision } from './desk-supervisor.ts'
import { toItsPage } from './form-address.ts'
import { type Signed, signedIn } from './session.ts'

/** The officer's desk, and the supervisor's view of it. */
export const deskRoutes = (deps: Deps) =>
  new Hono<Signed>()
    .use(signedIn(deps, 'platform', 'supervisor'))
    .use('/supervisor', signedIn(deps, 'supervisor'))
    .use('/contacts', signedIn(deps, 'supervisor'))
    .get('/', c => showQueue(c, deps))
    .get('/complaints/:id', c => showCase(c, deps))
    .get('/complaints/:id/receipt.json', c => caseReceipt(c, deps))
    .get('/complaints/:id/files/:sha256', c => caseFile(c, deps))
    .get('/complaints/:id/:act', toCase)
    .post('/complaints/:id/:act', c => actOnCase(c, deps))
    .get('/batch', c => showBatch(c, deps))
    .post('/batch', c => ruleOnBatch(c, deps))
    .get('/supervisor', c => showSupervision(c, deps))
    .get('/contacts', c => c.redirect('/desk/supervisor', 303))
    .post('/contacts', c => saveContact(c, deps))
    .get('/alerts', c => showAlerts(c, deps))
    .get('/alerts/settlements', toItsPage)
    .post('/alerts/settlements', c => settleAlert(c, deps))
    .get('/messages', c => showMessages(c, deps))
