/**
 * The script of /verify. It reads files on the reader's device and sends nothing; asked to, it reads the public log. See
 * src/views/log/verify.ts for its page.
 */

import { LOCALES } from '../complaint/words.ts'
import { DICTIONARIES } from '../i18n/languages.ts'
import { NotComparable, verifyAgainstLog } from '../log/against-log.ts'
import { Refused } from '../log/error.ts'
import { verifyPromise, verifyToken } from '../log/promise.ts'
import { TILE_WIDTH, tilePath } from '../log/tiles.ts'
import type { ServedLog } from '../log/tree-reader.ts'
import { type Verification, verifyReceipt } from '../log/verify.ts'
import { fetchPolicies, logOf, policyFor, type ReadReceipt, readReceipt, readText, type Unreadable } from './inputs.ts'
import { byId, type Language, renderAnswer, renderPromise, renderVerdict, sayer, supportsEd25519 } from './render.ts'

/** Takes a receipt and a policy from wherever they come, and answers as soon as it has both. */
class VerifyController {
  readonly #policy = byId('verify-policy', HTMLTextAreaElement)
  readonly #token = byId('verify-token', HTMLTextAreaElement)
  readonly #log = byId('verify-log', HTMLInputElement)
  readonly #verdict = byId('verify-verdict', HTMLElement)
  readonly #result = byId('verify-result', HTMLElement)
  readonly #paths: readonly string[]
  readonly #language: Language
  #receipt: ReadReceipt | Unreadable | null = null
  /** This server's policies, once the reader asked for them. */
  #site: readonly string[] = []
  /** The newest file: an older one may take longer to read. */
  #chosen = 0
  /** The newest question: answers to older ones come too late. */
  #asked = 0

  constructor(paths: readonly string[], language: Language) {
    this.#paths = paths
    this.#language = language
  }

  async takeReceipt(file: File): Promise<void> {
    const chosen = ++this.#chosen
    this.forget()
    const receipt = await readReceipt(file)
    if (chosen !== this.#chosen) return
    this.#receipt = receipt
    // Another shard's receipt needs another of this server's policies.
    if (this.#isSite()) this.#policy.value = this.#siteChoice()
    await this.answer()
  }

  async takePolicy(file: File): Promise<void> {
    this.#policy.value = (await readText(file)) ?? ''
    await this.answer()
  }

  async takeSitePolicy(): Promise<void> {
    try {
      this.#site = await fetchPolicies(this.#paths)
    } catch {
      this.forget()
      return this.#ask('ask.siteFailed')
    }
    this.#policy.value = this.#siteChoice()
    this.#suggestLog(null, this.#policy.value)
    await this.answer()
  }

  async answer(): Promise<void> {
    const asked = this.forget()
    const { say } = this.#language
    const receipt = this.#receipt
    const policy = this.#policy.value
    if (receipt === null) return this.#ask('ask.receipt')
    if (typeof receipt === 'string') return renderVerdict(this.#verdict, 'unreadable', [say(`say.${receipt}`)], say)
    if (policy.trim() === '') return this.#ask('ask.policy')
    this.#ask('working')
    const verification = await this.#verified(receipt.value, policy)
    if (asked !== this.#asked) return
    this.#suggestLog(receipt.value, policy)
    const question = { receipt, policy, isSite: this.#isSite() }
    renderAnswer({ verdict: this.#verdict, result: this.#result }, question, verification, this.#language)
  }

  /** The receipt, and what its reader was given when it was handed in: a fingerprint or a promise. */
  async #verified(receipt: unknown, policy: string): Promise<Verification> {
    const verification = await verifyReceipt(receipt, policy)
    const token = this.#token.value.trim()
    const isReadable = verification.checks.every(({ name, ok }) => ok || name !== 'well-formed')
    if (token === '' || !isReadable) return verification
    const check = await verifyToken(receipt, token)
    return { ok: verification.ok && check.ok, checks: [...verification.checks, check] }
  }

  /** The receipt first, without a network; then against the log as it is served under the address in the form. */
  async answerFromLog(): Promise<void> {
    const { say } = this.#language
    const token = this.#token.value.trim()
    if (this.#receipt === null && token !== '' && this.#policy.value.trim() !== '') return this.#answerPromise(token)
    await this.answer()
    const [asked, receipt, policy] = [this.#asked, this.#receipt, this.#policy.value]
    if (receipt === null || typeof receipt === 'string' || policy.trim() === '') return
    const offline = await this.#verified(receipt.value, policy)
    if (!offline.ok || asked !== this.#asked) return
    try {
      const onRead = (count: number, of: number) => {
        if (asked === this.#asked) this.#tell(say('log.reading', { count, of }))
      }
      this.#tell(say('working'))
      const log = servedLog(this.#log.value)
      const live = await verifyAgainstLog({ receipt: receipt.value, policy, log, now: Date.now(), onRead })
      if (asked !== this.#asked) return
      const verification = { ok: live.every(({ ok }) => ok), checks: [...offline.checks, ...live] }
      const question = { receipt, policy, isSite: this.#isSite(), log: this.#log.value }
      renderAnswer({ verdict: this.#verdict, result: this.#result }, question, verification, this.#language)
    } catch (error) {
      if (!(error instanceof NotComparable)) throw error
      if (asked === this.#asked) this.#tell(say('log.failed', { why: error.message }))
    }
  }

  /** A buyer who was given a promise and can get no receipt asks the log alone. */
  async #answerPromise(jws: string): Promise<void> {
    const asked = this.forget()
    const { say } = this.#language
    this.#tell(say('working'))
    try {
      const question = { jws, policy: this.#policy.value, log: servedLog(this.#log.value), now: Date.now() }
      const checks = await verifyPromise(question)
      if (asked === this.#asked) renderPromise({ verdict: this.#verdict, result: this.#result }, checks, say)
    } catch (error) {
      if (!(error instanceof NotComparable)) throw error
      if (asked === this.#asked) this.#tell(say('log.failed', { why: error.message }))
    }
  }

  /** A certificate in the address (behind `#`, which no server sees): checked in this server's log, as its paper says. */
  async takeCertificate(jws: string): Promise<void> {
    this.#token.value = jws
    await this.takeSitePolicy()
    await this.answerFromLog()
  }

  /** No old answer stands beside a new question. */
  forget(): number {
    this.#verdict.className = ''
    this.#verdict.replaceChildren()
    this.#result.replaceChildren()
    return ++this.#asked
  }

  #ask(word: 'ask.receipt' | 'ask.policy' | 'ask.siteFailed' | 'working'): void {
    this.#tell(this.#language.say(word))
  }

  #tell(text: string): void {
    this.#verdict.className = 'notice'
    this.#verdict.textContent = text
  }

  /** Where the receipt's log is read, as far as that is known: the reader may write another address. */
  #suggestLog(receipt: unknown, policy: string): void {
    if (this.#log.value.trim() !== '') return
    const shard = this.#site.indexOf(policy)
    const own = shard < 0 ? '' : new URL((this.#paths[shard] ?? '').replace(/\/policy$/, ''), location.href).href
    this.#log.value = logOf(receipt, policy) || own
  }

  #isSite(): boolean {
    return this.#site.includes(this.#policy.value)
  }

  #siteChoice(): string {
    const receipt = this.#receipt
    return policyFor(typeof receipt === 'object' ? receipt?.value : null, this.#site)
  }
}

/** 256 leaves of 4,096 bytes with their lengths; nothing that is asked for is larger. */
const MAX_BYTES = TILE_WIDTH * (4096 + 2)
const TRIES = 3
const WAIT_MS = 500

/** A log or a mirror under an address such as `https://…/log/0`, asked without cookies. */
const servedLog = (address: string): ServedLog => {
  const prefix = address.trim().replace(/\/+$/, '')
  if (!/^https?:\/\//.test(prefix) || !URL.canParse(prefix)) throw new NotComparable('not the address of a log')
  return {
    checkpoint: async () => {
      const bytes = await get(`${prefix}/checkpoint`, 'no-store')
      if (bytes === null) throw new NotComparable('no log is served there')
      return new TextDecoder().decode(bytes)
    },
    tile: (level, n, width) => signed(prefix, `${level}`, n, width),
    entries: (n, width) => signed(prefix, 'entries', n, width),
  }
}

/** A partial tile may be gone once it is full (C2SP tlog-tiles); the full one begins with it. */
const signed = async (prefix: string, kind: string, n: number, width: number): Promise<Uint8Array> => {
  const paths = [tilePath(n, width), tilePath(n)].map(path => `${prefix}/tile/${kind}/${path}`)
  for (const path of width === TILE_WIDTH ? paths.slice(1) : paths) {
    const bytes = await get(path)
    if (bytes !== null) return bytes
  }
  throw new Refused(`tile/${kind}/${tilePath(n, width)} is not served: the log withholds what it signed`)
}

/** Null for 404. What may pass is tried again. */
const get = async (url: string, cache: RequestCache = 'default'): Promise<Uint8Array | null> => {
  for (let tries = 1; ; tries++) {
    const response = await fetch(url, { credentials: 'omit', referrerPolicy: 'no-referrer', cache }).catch(() => null)
    if (response?.status === 404) return null
    if (response?.status === 200) {
      const bytes = new Uint8Array(await response.arrayBuffer())
      if (bytes.length > MAX_BYTES) throw new NotComparable('an answer larger than anything a log serves')
      return bytes
    }
    const mayPass = response === null || response.status === 429 || response.status >= 500
    if (tries === TRIES || !mayPass)
      throw new NotComparable(response === null ? 'no answer' : `answered ${response.status}`)
    await new Promise(resolve => setTimeout(resolve, WAIT_MS * tries))
  }
}

const start = async (): Promise<void> => {
  const root = byId('verify', HTMLElement)
  const able = await supportsEd25519()
  byId('verify-off', HTMLElement).hidden = true
  byId(able ? 'verify' : 'verify-old', HTMLElement).hidden = false
  if (!able) return
  const { words = '{}', policies = '' } = root.dataset
  const locale = LOCALES.find(each => each === document.documentElement.lang) ?? 'zh-CN'
  const controller = new VerifyController(policies.split(' '), { say: sayer(words), dictionary: DICTIONARIES[locale] })
  takeForm(root, controller)
  takeDrops(controller)
  const [, jws] = /^#(eyJ[\w-]+\.[\w-]+\.[\w-]+)$/.exec(location.hash) ?? []
  if (jws !== undefined) await controller.takeCertificate(jws)
}

const takeForm = (root: HTMLElement, controller: VerifyController): void => {
  onFile('verify-receipt', file => controller.takeReceipt(file))
  onFile('verify-policy-file', file => controller.takePolicy(file))
  const policy = byId('verify-policy', HTMLTextAreaElement)
  policy.addEventListener('input', () => controller.forget())
  policy.addEventListener('change', () => controller.answer())
  byId('verify-site', HTMLButtonElement).addEventListener('click', () => controller.takeSitePolicy())
  const token = byId('verify-token', HTMLTextAreaElement)
  token.addEventListener('input', () => controller.forget())
  token.addEventListener('change', () => controller.answer())
  byId('verify-log', HTMLInputElement).addEventListener('input', () => controller.forget())
  byId('verify-live', HTMLButtonElement).addEventListener('click', () => controller.answerFromLog())
  root.querySelector('form')?.addEventListener('submit', event => {
    event.preventDefault()
    void controller.answer()
  })
}

const onFile = (id: string, take: (file: File) => void): void => {
  const input = byId(id, HTMLInputElement)
  input.addEventListener('change', () => {
    const [file] = input.files ?? []
    if (file) take(file)
  })
}

/** Anywhere on the page: a file dropped beside a small target would replace the page. */
const takeDrops = (controller: VerifyController): void => {
  document.addEventListener('dragover', event => event.preventDefault())
  document.addEventListener('drop', event => {
    event.preventDefault()
    for (const file of event.dataTransfer?.files ?? [])
      void (/\.txt$/i.test(file.name) ? controller.takePolicy(file) : controller.takeReceipt(file))
  })
}

await start()
