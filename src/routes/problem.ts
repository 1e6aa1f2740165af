import { REFUSALS, type RefusalCode } from '../complaint/command.ts'
import type { Refused } from '../ledger/contract/ledger.ts'

/** Errors of the HTTP edge; with the refusals of the complaint they are all codes that a program can meet. */
export const EDGE_ERRORS = {
  malformed_json: [400, 'The body is not JSON in UTF-8.'],
  malformed_form: [400, 'The form cannot be read.'],
  cut_off: [400, 'The body ended before it was whole.'],
  unauthorized: [401, 'A valid API key is needed.'],
  foreign_origin: [403, 'What acts by a session must come from a page of this server.'],
  ticket_refused: [403, 'This ticket is not valid here, or no longer; open the order in its shop again.'],
  not_found: [404, 'There is nothing here.'],
  method_not_allowed: [405, 'This address does not take that method.'],
  stale: [409, 'The complaint moved after the page of this form was drawn; look at what changed and send it again.'],
  signature_wrong: [
    409,
    'The signature is not one over this log, complaint, act, head and body by the key that it names.',
  ],
  signature_key: [
    409,
    'The key of this signature is not bound to this complaint, or not a standing key of its sender.',
  ],
  signature_head: [409, 'The signature names a head that this complaint never had.'],
  signature_form: [409, 'This submission was signed on another form.'],
  signature_used: [409, 'This signature stands under a step already.'],
  signature_retired: [409, 'The key of this signature was retired; bind the device anew.'],
  signature_required: [409, 'This merchant takes nothing unsigned for its own; sign it with one of its keys.'],
  signing_unchanged: [409, 'Signatures are required already, or were not.'],
  key_registered: [409, 'This key stands in the log already, and a retired one never comes back.'],
  too_many_keys: [409, 'There can be twenty standing keys; retire one first.'],
  rule_version: [409, 'The rule has another newest version than this one follows; read it and send yours again.'],
  too_many_endpoints: [409, 'There can be ten webhook endpoints; remove one first.'],
  too_large: [413, 'The body is larger than what is taken here.'],
  unsupported_media_type: [415, 'The body must be JSON or a form.'],
  invalid: [422, 'Some fields are missing or wrong; `errors` names each.'],
  unknown_field: [422, 'The request has a field or a query parameter that is not known here; `errors` names each.'],
  idempotency_key: [422, 'An Idempotency-Key has 1 to 255 printable characters.'],
  key_reused: [422, 'This Idempotency-Key came with another request before.'],
  too_many_attempts: [429, 'Too many wrong attempts; wait a while.'],
  too_many: [429, 'Too much came in too short a time; Retry-After says when more is taken.'],
  internal: [500, 'Something failed here. Look at the newest steps before you try again.'],
  row_altered: [
    500,
    'What is stored of this complaint contradicts the log, so it is not shown; the operator was alerted.',
  ],
  read_only: [503, 'The log takes no new steps at present.'],
  clock_behind: [503, 'The clock of this server is wrong; it takes no new steps.'],
  clock_ahead: [503, 'The clock of this server leapt ahead; it takes no new steps until it is right.'],
  unavailable: [503, 'This could not be recorded; try again.'],
  busy: [503, 'Too many uploads are under way; send it again in a moment.'],
  storage_full: [503, 'No files can be taken at present; texts can.'],
} as const satisfies Record<string, readonly [number, string]>
type EdgeCode = keyof typeof EDGE_ERRORS
export type ErrorCode = EdgeCode | RefusalCode

/** Refusals are 409, but for what a caller should have said or may not say at all. */
const REFUSAL_STATUS: Partial<Record<RefusalCode, number>> = {
  not_yours: 403,
  human_required: 422,
  officer_required: 422,
  reason_required: 422,
  unknown_desk: 422,
  unknown_rule: 422,
}

const isEdge = (code: ErrorCode): code is EdgeCode => code in EDGE_ERRORS
export const statusOf = (code: ErrorCode): number =>
  isEdge(code) ? EDGE_ERRORS[code][0] : (REFUSAL_STATUS[code] ?? 409)
export const sentenceOf = (code: ErrorCode): string => (isEdge(code) ? EDGE_ERRORS[code][1] : REFUSALS[code])

/** AlteredRow of the ledger: by its message, which names tag and leaf alone and is all that leaves a Durable Object. */
export const isAltered = (error: unknown): error is Error =>
  error instanceof Error && error.message.includes('row_altered: complaint ')

/** One field that can't be taken as it came. The code is stable; `max` and the like explain it. */
export interface FieldProblem {
  field: string
  code: FieldCode
  max?: number | undefined
}
export const FIELD_CODES = [
  'required',
  'choose',
  'tick',
  'amount',
  'instant',
  'phone',
  'last4',
  'url',
  'too_long',
  'characters',
  'file_type',
  'file_size',
  'file_count',
  'file_total',
  'unknown',
  'other',
] as const
export type FieldCode = (typeof FIELD_CODES)[number]

/** Ends a request with RFC 9457 problem details, or a page that says the same. Carries no text that a person typed. */
export class Problem extends Error {
  readonly code: ErrorCode
  readonly errors: readonly FieldProblem[]
  readonly #headers: Record<string, string>
  constructor(code: ErrorCode, errors: readonly FieldProblem[] = [], headers: Record<string, string> = {}) {
    super(sentenceOf(code))
    this.code = code
    this.errors = errors
    this.#headers = headers
  }

  get status(): number {
    return statusOf(this.code)
  }

  /** Of a page that shows the form again. */
  get formStatus(): 409 | 422 | 429 {
    if (this.errors.length > 0) return 422
    return this.status === 429 ? 429 : 409
  }

  headers(): Record<string, string> {
    if (this.status === 401) return { 'WWW-Authenticate': 'Bearer realm="tousu"' }
    const wait = this.status === 503 ? '5' : this.status === 429 ? '900' : undefined
    return { ...(wait !== undefined && { 'Retry-After': wait }), ...this.#headers }
  }

  /** RFC 9457 members, with `code` and `errors` as extensions; `instance` names the request. */
  json(request?: string): object {
    const { status, code, errors, message } = this
    return {
      type: `urn:tousu:error:${code}`,
      title: message,
      status,
      code,
      ...(errors.length > 0 && { errors }),
      ...(request !== undefined && { instance: `urn:tousu:request:${request}` }),
    }
  }
}

/** `now` is the instant of the refusal, UTC ms, from which Retry-After counts. */
export const refusalProblem = ({ refused, retryAt }: Refused, now: number): Problem =>
  new Problem(refused, [], retryAt === undefined ? {} : { 'Retry-After': `${Math.ceil((retryAt - now) / 1000)}` })
