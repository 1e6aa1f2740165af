import { type Context, Hono } from 'hono'
import * as v from 'valibot'
import { iso, isoOrNull } from '../../complaint/time.ts'
import { SIGNING_WORDS } from '../../i18n/areas/team.ts'
import type { Alert } from '../../ledger/contract/ledger.ts'
import type { FailedMessage } from '../../ledger/contract/outbox.ts'
import { formatId, parseId } from '../../link/id.ts'
import { type KeyPage, signingKeysPage } from '../../views/console.ts'
import { type AlertItem, alertsPage, incidentsPage, type MessageItem, messagesPage } from '../../views/desk/alerts.ts'
import { type DeskPage, deskPage } from '../../views/desk/context.ts'
import { ruleLibraryPage } from '../../views/desk/settings.ts'
import { parse, readBody } from '../body.ts'
import { toItsPage } from '../complaint-page.ts'
import { changeSigningKeys, showSigningKeys, switchShortcuts } from '../console.ts'
import { askAll, type Deps, ledgerOf, readId } from '../deps.ts'
import { count, inShanghai, knownToConsole, word } from '../fields.ts'
import { allIncidents, declareIncident } from '../incidents.ts'
import { Problem } from '../problem.ts'
import { adoptVersion, libraryOf } from '../rules.ts'
import { IncidentReport, RuleVersion } from '../schemas.ts'
import { type Signed, signedIn } from '../signin/session.ts'
import {
  actOnCase,
  addNote,
  caseFile,
  caseReceipt,
  deskSentence,
  dropNote,
  redirectToCase,
  showCase,
  showHere,
} from './acts.ts'
import { actOnAll, ruleOnBatch, showBatch, showBulk } from './batch.ts'
import { caseOf, deskPageOf, readTimeline } from './case.ts'
import { erasePerson, exportPerson, showPerson } from './person.ts'
import { findComplaint, showCounts, showQueue } from './queue.ts'
import { showSettings, tryDocument } from './settings.ts'
import { deskFiguresCsv, deskFiguresJson, saveContact, showDeskFigures, showSupervision } from './supervisor.ts'

/** Query parameters of all pages of the desk. */
const DESK_QUERY = [
  ...['turn', 'view', 'kind', 'merchant', 'category', 'desk', 'officer', 'days', 'amount', 'after'],
  ...['act', 'before', 'case', 'did', 'done', 'erase', 'period', 'settled', 'step'],
]

/** The officer's desk, and the supervisor's view of it. */
export const deskRoutes = (deps: Deps) =>
  new Hono<Signed>()
    .use(signedIn(deps, 'platform', 'supervisor'))
    .use(knownToConsole(...DESK_QUERY))
    .use('/supervisor', signedIn(deps, 'supervisor'))
    .use('/figures', signedIn(deps, 'supervisor'))
    .use('/figures.csv', signedIn(deps, 'supervisor'))
    .use('/figures.json', signedIn(deps, 'supervisor'))
    .use('/settings', signedIn(deps, 'supervisor'))
    .use('/contacts', signedIn(deps, 'supervisor'))
    .use('/person', signedIn(deps, 'supervisor'))
    .use('/person/*', signedIn(deps, 'supervisor'))
    .get('/', c => showQueue(c, deps))
    .get('/counts', c => showCounts(c, deps))
    .get('/search', toItsPage)
    .post('/search', c => findComplaint(c, deps))
    .get('/person', toItsPage)
    .post('/person', c => showPerson(c, deps))
    .get('/person/:act', c => c.redirect('/desk', 303))
    .post('/person/export', c => exportPerson(c, deps))
    .post('/person/erasure', c => erasePerson(c, deps))
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

const draw = async (c: Context<Signed>, deps: Deps, view: KeyPage): Promise<string> => {
  const { title } = SIGNING_WORDS[view.page.locale]
  return String(deskPage(await deskPageOf(c, deps), { title, current: 'keys', main: signingKeysPage(view) }))
}

/** The officer's own signing keys; a supervisor sees those of all. */
const showKeys = (c: Context<Signed>, deps: Deps) => showSigningKeys(c, deps, view => draw(c, deps, view))
const changeKeys = (c: Context<Signed>, deps: Deps, change?: string) =>
  changeSigningKeys(c, deps, view => draw(c, deps, view), change)

type RuleForm = Parameters<typeof ruleLibraryPage>[2]

/** Officers read the library; a supervisor also adds to it. */
const showRuleLibrary = async (c: Context<Signed>, deps: Deps) => c.html(await drawRules(c, deps, undefined))

const drawRules = async (c: Context<Signed>, deps: Deps, form: RuleForm): Promise<string> =>
  String(ruleLibraryPage(await libraryOf(deps), await deskPageOf(c, deps), form))

const saveRule = async (c: Context<Signed>, deps: Deps) => {
  if (c.var.person.role !== 'supervisor') throw new Problem('not_yours')
  const { value, rawFields: values } = await readBody(c)
  const page = await deskPageOf(c, deps)
  try {
    const { code } = await adoptVersion(deps, parse(RuleVersion, { ...value, locale: page.locale }))
    return c.redirect(`/desk/rules#rule-${code}`, 303)
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500) throw error
    const problems = error.errors.map(each => deskSentence(each, page))
    const refusal = error.errors.length === 0 ? { refusal: error.code } : {}
    return c.html(await drawRules(c, deps, { values, problems, ...refusal }), error.formStatus)
  }
}

type IncidentForm = Parameters<typeof incidentsPage>[2]['form']

const showIncidents = async (c: Context<Signed>, deps: Deps, form?: IncidentForm, status: 200 | 422 | 404 = 200) => {
  const page = await deskPageOf(c, deps)
  return c.html(String(incidentsPage(await allIncidents(deps), page, { categories: deps.categories, form })), status)
}

/** A form has one field for the merchants' ids and one category. */
const incidentValue = ({ merchants, categories, until, ...rest }: Record<string, unknown>) => ({
  ...rest,
  ...(until !== undefined && { until: inShanghai(until) }),
  ...(typeof merchants === 'string' && { merchants: merchants.split(/[\s,，;；]+/).filter(Boolean) }),
  ...(typeof categories === 'string' && { categories: [categories] }),
})

const saveIncident = async (c: Context<Signed>, deps: Deps) => {
  const { value, rawFields: values } = await readBody(c)
  try {
    await declareIncident(deps, parse(IncidentReport, incidentValue(value)))
    return c.redirect('/desk/incidents', 303)
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'invalid') throw error
    const page = await deskPageOf(c, deps)
    const problems = error.errors.map(each => deskSentence(each, page))
    return showIncidents(c, deps, { values, problems, incident: values.incident || undefined }, 422)
  }
}

const SHOWN = 50

/** What asks for an officer's eye and moves no state, oldest first, of all shards. */
const showAlerts = async (c: Context<Signed>, deps: Deps) => {
  const { answers, silent } = await askAll(deps.ledgers, ledger => ledger.alerts(SHOWN))
  const page = { ...(await deskPageOf(c, deps)), silent }
  const waiting = answers.flat()
  const shown = waiting.sort((a, b) => a.at - b.at).slice(0, SHOWN)
  const items = await Promise.all(shown.map(alert => itemOf(deps, alert, page)))
  return c.html(String(alertsPage(items, page, c.req.query('settled') !== undefined)))
}

const itemOf = async (deps: Deps, { id, complaint, seq, kind, at }: Alert, page: DeskPage): Promise<AlertItem> => {
  const { view } = caseOf(await readTimeline(deps, complaint), page)
  return { id, seq, kind, at, view }
}

/** An alert's number is its shard's own, so the complaint says which. */
const Settlement = v.object({ complaint: word(/^[0-9A-Z]{10}$/, 10, 'choose'), alert: count(0, 999_999) })

const settleAlert = async (c: Context<Signed>, deps: Deps) => {
  const { complaint, alert } = parse(Settlement, (await readBody(c)).value)
  const id = parseId(complaint)
  if (id === null) throw new Problem('not_found')
  await ledgerOf(deps, id).resolveAlert(alert, c.var.person.name)
  return c.redirect('/desk/alerts?settled', 303)
}

const MESSAGES_SHOWN = 100

/** Who was not reached, newest first, of all shards. */
const showMessages = async (c: Context<Signed>, deps: Deps) => {
  const { answers, silent } = await askAll(deps.ledgers, ledger => ledger.outbox.failedMessages(MESSAGES_SHOWN))
  const page = { ...(await deskPageOf(c, deps)), silent }
  const troubled = answers.flat()
  const items = troubled.sort((a, b) => b.createdAt - a.createdAt).slice(0, MESSAGES_SHOWN)
  return c.html(String(messagesPage(items.map(messageItem), page)))
}

const messageItem = ({ complaint, createdAt, nextAt, ...message }: FailedMessage): MessageItem => ({
  ...message,
  complaint: formatId(complaint),
  createdAt: iso(createdAt),
  nextAt: isoOrNull(nextAt),
})
