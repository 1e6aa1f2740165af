import { LogError } from '../../log/error.ts'
import { type LeafPromise, readPromise } from '../../log/promise.ts'
import { readKid, verifySignature } from '../../log/statement.ts'
import type { Succession } from '../../log/succession.ts'
import { CliError } from '../io.ts'
import { iso, Refusal } from './broken.ts'
import type { OwnChain } from './own-chain.ts'
import type { SkimmedLeaf } from './skim.ts'

/** How much a view can prove by its absence: when it was made at the earliest (UTC ms), and the monitor's clock where it counts. */
export interface View {
  lastAt: number
  now: number
  /** Its quorum cosigned it lately, or the policy asks for none. */
  isFresh: boolean
}

/** The promise of a submission (docs/log.md, section 6), held against every leaf. */
export class GivenPromise {
  readonly name: string
  readonly #jws: string
  readonly #promise: LeafPromise
  #index: number | null = null
  #loss: Succession | null = null

  /** Throws a CliError where it is none. */
  constructor(name: string, jws: string) {
    this.name = name
    this.#jws = jws.trim()
    try {
      this.#promise = readPromise(this.#jws)
    } catch (error) {
      throw error instanceof LogError ? new CliError(`${name}: no promise that can be read: ${error.message}`) : error
    }
  }

  see(_: SkimmedLeaf, hash: string, index: number): null {
    if (hash === this.#promise.leaf) this.#index = index
    return null
  }

  succeed(succession: Succession | undefined): void {
    if (succession?.continues.origin === this.#promise.origin) this.#loss = succession
  }

  /** Verdict after the last leaf, in words: kept, or not due yet. Throws a LogError for a broken promise, and for one whose signature binds no log. */
  async judge(own: OwnChain, { lastAt, now, isFresh }: View): Promise<string> {
    const { iat, by, origin } = this.#promise
    if (origin !== own.origin && this.#loss === null) throw new Refusal(`${this.name} is a promise of another log`)
    const kid = readKid(this.#jws)
    const key = own.keys.find(({ use, name }) => use === 'statement' && name === kid)
    if (key?.x === undefined) throw new Refusal(`no leaf introduces the key that signed ${this.name}: it binds nobody`)
    await verifySignature(this.#jws, key.x)
    if (this.#index !== null) return `what ${this.name} promised is leaf ${this.#index}`
    if (key.retiredAt !== null && iat > key.retiredAt)
      throw new Refusal(`${this.name} is younger than the retirement of its key: it binds nobody`)
    const until = iso(by)
    if (lastAt <= by && (now <= by || !isFresh))
      return `the leaf that ${this.name} promises by ${until} is not in this view, which can't tell yet`
    if (this.#loss !== null) return `the leaf that ${this.name} promises is among those that the log declares lost`
    throw new Refusal(
      `the leaf that ${this.name} promises by ${until} is not in the log: its own signature is the proof`,
    )
  }
}
