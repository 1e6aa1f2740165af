// An act by HTTP: parsed once, its files made the complaint's, with idempotency key and precondition, then ordered of the ledger.

import type { Context } from 'hono'
import type * as v from 'valibot'
import type { Act } from '../complaint/command.ts'
import { actsOf } from '../complaint/decide.ts'
import { newestStepView, toComplaintView } from '../complaint/view/complaint-view.ts'
import type { ComplaintView, StepView } from '../complaint/view/types.ts'
import type { Reader } from '../complaint/view/visibility.ts'
import type { Role } from '../complaint/words.ts'
import type { BodyOf, Caller, Done, Order, OrderOf } from '../ledger/contract/ledger.ts'
import { formatId } from '../link/id.ts'
import { SIGNED_REQUEST } from '../log/author-signature.ts'
import { digestOf } from '../log/disclosure.ts'
import { fromBase64url, fromUtf8, toBase64url, utf8 } from '../log/encoding.ts'
import { hashKey } from './authenticate.ts'
import { type Body, isRecord, parse } from './body.ts'
import { type Deps, ledgerOf } from './deps.ts'
import { evidenceLimit, removeErasedFiles, storeFiles } from './evidence.ts'
import { parseStrictly } from './fields.ts'
import { pageOf } from './language.ts'
import { Problem, refusalProblem } from './problem.ts'
import { ACT_BODIES, type OutsideAct, schemaOf } from './schemas.ts'

const isAct = (text: string): text is OutsideAct => Object.hasOwn(ACT_BODIES, text)

/** The act of a route, if it is this role's. An unknown act is 404, one of another role 403. */
export const actOf = (text: string, role: Role): OutsideAct => {
  if (!isAct(text)) throw new Problem('not_found')
  if (!actsOf(role).includes(text)) throw new Problem('not_yours')
  return text
}

const WITH_FILES: readonly Act[] = ['evidence', 'messages', 'fulfilment', 'statements']
export const takesFiles = (act: Act): boolean => WITH_FILES.includes(act)

interface Acting<A extends OutsideAct> {
  act: A
  id: number
  /** Who acts; `body` may name the officer. */
  by: (body: object) => Caller
  body: Body
  /** What a program's body may hold besides the fields of the act. */
  also?: v.GenericSchema
  /** Header `Tousu-Signature`, and whose key it must be where a person signed in. */
  signing?: Parameters<typeof signatureOf>[1]
  idempotency: IdempotencyOf
}

/** Strict for programs; a form brings fields of its page. */
const bodyOf = <A extends OutsideAct>({ act, body, also }: Pick<Acting<A>, 'act' | 'body' | 'also'>): BodyOf<A> => {
  const schema = schemaOf(act)
  const isForm = Object.keys(body.rawFields).length > 0
  return also || !isForm ? parseStrictly(schema, body.value, ...(also ? [also] : [])) : parse(schema, body.value)
}

/** Parses the body, stores its files and gives the order; what was erased is gone with its file. Throws a Problem for every refusal. */
export const performAct = async <A extends OutsideAct>(
  deps: Deps,
  { act, id, by, body, also, signing, idempotency }: Acting<A>,
): Promise<Done> => {
  const parsed = bodyOf({ act, body, ...(also && { also }) })
  const caller = by(parsed)
  const files = filesOf(act, body)
  const asked = files.length > 0 ? { ...parsed, files: files.map(({ ref }) => ref) } : parsed
  const signed = signatureOf(body, signing)
  const preconditions = {
    idempotency: idempotency([act, id, caller, asked]),
    expectedHead: expectedHeadFor(act, body, signed),
  }
  const order: OrderOf<A> = { act, complaint: id, by: caller, body: asked, ...preconditions, ...(signed && { signed }) }
  const stored = files.length > 0 ? await storeFiles(deps, id, files, await evidenceLimit(deps, id)) : null
  const done = await ledgerOf(deps, id).execute(order)
  if ('refused' in done) {
    await stored?.takeBack()
    throw refusalProblem(done, deps.clock.now())
  }
  // Of a step that was made before, a file may have been erased since.
  await (done.replayed ? stored?.takeBack() : stored?.keep())
  if (order.act === 'redactions') await removeErasedFiles(deps.files, ledgerOf(deps, id))
  return done
}

/** A file that would be dropped is refused, so that its sender can't believe it was handed in. */
const filesOf = (act: Act, { files, fileProblem, hasUnexpectedFile }: Body) => {
  if (hasUnexpectedFile || (files.length > 0 && !takesFiles(act))) throw unexpectedFile()
  if (fileProblem) throw new Problem('invalid', [fileProblem])
  return files
}

export const unexpectedFile = (): Problem => new Problem('invalid', [{ field: 'files', code: 'other' }])

/** What an act answers to a program: the step it made and where that left the complaint. */
export const answerOf = async (c: Context, deps: Deps, done: Done, reader: Reader) => {
  const { dictionary } = pageOf(c, deps)
  const now = deps.clock.now()
  const newest = done.replayed ? null : await ledgerOf(deps, done.id).newest(done.id)
  const short = newest?.newest.seq === done.seq ? newestStepView(newest, reader, dictionary) : null
  return short ?? wholeAnswer(deps, done, { reader, dictionary, now })
}

/** Idempotent replay: the answer is that of the first time, without steps that came later. */
const wholeAnswer = async (
  deps: Deps,
  { id, seq }: Done,
  by: Pick<Parameters<typeof toComplaintView>[0], 'reader' | 'dictionary' | 'now'>,
) => {
  const timeline = await ledgerOf(deps, id).read(id, { before: seq + 1, limit: 1 })
  if (!timeline) throw new Problem('not_found')
  const entries = timeline.entries.slice(0, seq + 1)
  const view = toComplaintView({ id: formatId(id), entries, role: null, ...by })
  const { state, holder, due } = view.complaint
  return { step: view.steps.at(-1), state, holder, due }
}

/** Content negotiation: by the Accept header, else by the type of the body. */
export const wantsJson = (c: Context): boolean => {
  const accept = c.req.header('accept') ?? ''
  const [page, data] = [accept.indexOf('text/html'), accept.indexOf('json')]
  if (data >= 0) return page < 0 || data < page
  return page < 0 && (c.req.header('content-type') ?? '').includes('json')
}

// The author's signature of a request (docs/log.md, section 11). A page's script sends the field `signature`, four parts of
// base64url with dots between: key, the head that was seen, salt, signature. A program sends the header `Tousu-Signature`: a
// JWS in compact form, and the salt. The server makes the author's disclosure again from what was sent.

const PARTS = /^([\w-]{43})\.([\w-]{43})\.([\w-]{22})\.([\w-]{86})$/
const HEADER = /^([\w-]{1,200})\.([\w-]{1,1000})\.([\w-]{86}); ?salt=([\w-]{22,64})$/

/** What stands beside the request: the precondition, the signature, and the digits that are proof and no part of the act. */
const UNSIGNED = ['seen', 'signature', 'last4']
/** The longest texts of an act take half of it in JSON that escapes every character. */
const MOST_SIGNED = 192 * 1024

interface Signing {
  /** Header `Tousu-Signature`. */
  header?: string | undefined
  /** Issuer and subject of the sender, where they signed in. */
  subject?: string | undefined
}

/** Undefined without a signature. Throws the Problem `signature_wrong` for a field or header that is none. */
export const signatureOf = (
  { value, rawFields, json }: Pick<Body, 'value' | 'rawFields' | 'json'>,
  { header, subject }: Signing = {},
): Order['signed'] => {
  const { signature } = value
  const parts = header === undefined ? inField(signature) : inHeader(header)
  if (parts === null) return undefined
  const isForm = Object.keys(rawFields).length > 0
  const sent = Object.entries(isForm ? rawFields : value).flatMap(([name, each]) =>
    UNSIGNED.includes(name) ? [] : [[name, typeof each === 'string' ? each.replaceAll('\r\n', '\n') : each]],
  )
  // A program signs the bytes that it sends, in which the name `signature` has no place.
  const text = header !== undefined && json !== undefined ? json : JSON.stringify(Object.fromEntries(sent))
  if (text.length > MOST_SIGNED) throw new Problem('too_large')
  const { key, seen, salt, sig, body } = parts
  const request = toBase64url(utf8(`["${salt}","${SIGNED_REQUEST}",${text}]`))
  const digest = digestOf(request)
  if (body !== undefined && body !== digest) throw new Problem('signature_wrong')
  return { key, seen, body: digest, sig, request, ...(subject !== undefined && { subject }) }
}

interface Parts {
  key: string
  seen: string
  salt: string
  sig: string
  /** The digest that a header's claim names. */
  body?: string
}

const inField = (signature: unknown): Parts | null => {
  if (signature === undefined) return null
  const [, key, seen, salt, sig] = (typeof signature === 'string' && PARTS.exec(signature)) || []
  if (!key || !seen || !salt || !sig) throw new Problem('signature_wrong')
  return { key, seen, salt, sig }
}

const inHeader = (header: string): Parts => {
  const [, head = '', payload = '', sig = '', salt = ''] = HEADER.exec(header) ?? []
  const [key, { seen, body }] = [members(head).kid, members(payload)]
  if (![key, seen, body].every(each => typeof each === 'string' && HASH.test(each)))
    throw new Problem('signature_wrong')
  return { key: String(key), seen: String(seen), body: String(body), salt, sig }
}

const members = (part: string): Record<string, unknown> => {
  try {
    const read: unknown = JSON.parse(fromUtf8(fromBase64url(part)))
    return isRecord(read) ? read : {}
  } catch {
    return {}
  }
}

// Optimistic concurrency and idempotency of requests. A form carries `seen`, the leaf hash of the newest step when its page was
// rendered: an If-Match as a form field. It makes a double submit one step, and a submit from a stale page 409 `stale`.

/** Base64url of 32 bytes. */
const HASH = /^[\w-]{43}$/

/** The head that the form's page was rendered from; null for API clients, and for forms without it. */
export const renderedHead = ({ rawFields: typed }: Pick<Body, 'rawFields'>): string | null => {
  const { seen = '' } = typed
  return HASH.test(seen) ? seen : null
}

/** Double submit: the same form from the same page with the same content is one step. An Idempotency-Key takes precedence. */
export const idempotencyForForm = (c: Context, caller: string, body: Pick<Body, 'rawFields'>): IdempotencyOf => {
  const seen = renderedHead(body)
  if (seen === null || c.req.header('idempotency-key') !== undefined) return idempotencyFor(c, caller)
  return asked => {
    const sent = hashKey(`${caller}\nform\n${seen}\n${JSON.stringify(asked)}`)
    return { key: sent, body: sent }
  }
}

/** Acts without a precondition: they mean the same whatever happened since the page was rendered. */
const ALWAYS_WELCOME: readonly Act[] = [
  'messages',
  'evidence',
  'human-request',
  'nudges',
  'statements-requests',
  'statements',
  'conduct-report',
  'redaction-request',
  'rating',
  'follow-up',
  'share-links',
  'device-keys',
  'device-key-retirements',
]

/** The precondition that the ledger checks inside its transaction: it answers `stale` if the complaint moved since. */
const expectedHeadFor = (act: Act, body: Pick<Body, 'rawFields'>, signed?: Order['signed']): string | undefined =>
  ALWAYS_WELCOME.includes(act) ? undefined : (signed?.seen ?? renderedHead(body) ?? undefined)

/** The steps appended since the page was rendered, oldest first, to list beside the redisplayed form. */
export const changedSince = ({ steps }: ComplaintView, body: Pick<Body, 'rawFields'>): StepView[] => {
  const seen = renderedHead(body)
  const at = steps.findIndex(({ leaf }) => leaf === seen)
  return at < 0 ? [] : steps.slice(at + 1).filter(({ kind }) => kind !== 'notice_sent')
}

/** Binds a parsed request to its idempotency key: the same key with another body is refused. */
type IdempotencyOf = (asked: unknown) => Order['idempotency']

/** Idempotency-Key header, scoped to its caller; without one every request is new. */
export const idempotencyFor = (c: Context, caller: string): IdempotencyOf => {
  const key = c.req.header('idempotency-key')
  if (key === undefined) return () => undefined
  if (!/^[\x20-\x7e]{1,255}$/.test(key)) throw new Problem('idempotency_key')
  return asked => ({ key: hashKey(`${caller}\n${key}`), body: hashKey(JSON.stringify(asked)) })
}
