import type { Namespace } from '../../../src/hosts/worker/bindings.ts'
import { LedgerObject } from '../../../src/hosts/worker/ledger-rpc.ts'
import { openWorkerHost } from '../../../src/hosts/worker/open-shard.ts'
import type { Shard } from '../../../src/hosts/worker/shard.ts'
import { LocalLedger } from '../../../src/ledger/local-ledger.ts'
import { readSecrets } from '../../../src/ledger/log/secrets.ts'
import type { OpenOptions } from '../../ledger/fixture.ts'

export interface TestEnv {
  ASSETS: { fetch(url: string): Promise<Response> }
  BARE: Namespace<BareLedger>
  LIVE: Namespace<Shard>
  HOUSE: Namespace<Shard>
}

const ORIGIN = 't.invalid/log/0'

/** A ledger in an object of its own, with a clock that stands still until it is set: for the contract suite. */
export class BareLedger extends LedgerObject<TestEnv> {
  #now = 0

  constructor(...of: ConstructorParameters<typeof LedgerObject<TestEnv>>) {
    super(...of)
    void this.ctx.blockConcurrencyWhile(async () => {
      const kept = await this.ctx.storage.get<OpenOptions>('options')
      if (kept) await this.#open(kept)
    })
  }

  async begin(options: OpenOptions): Promise<void> {
    await this.ctx.storage.put('options', options)
    await this.#open(options)
  }

  async #open({ now, secrets, policy }: OpenOptions): Promise<void> {
    this.#now = now
    const last = (await this.ctx.storage.get<string>('note')) ?? null
    const host = await openWorkerHost(this.ctx.storage, {
      read: () => last,
      write: note => this.ctx.storage.put('note', note),
    })
    this.ledger = new LocalLedger({
      host,
      secrets: await readSecrets(secrets),
      policy,
      origin: ORIGIN,
      clock: { now: () => this.#now },
      signEveryMs: 0,
    })
  }

  async setClock(now: number): Promise<void> {
    this.#now = now
    const options = await this.ctx.storage.get<OpenOptions>('options')
    await this.ctx.storage.put('options', { ...options, now })
  }

  /** In force when the object is opened the next time. */
  async setPolicy(policy: unknown): Promise<void> {
    const options = await this.ctx.storage.get<OpenOptions>('options')
    await this.ctx.storage.put('options', { ...options, policy })
  }

  /** An error is a value here: one that is thrown across RPC is logged as well. */
  async sql(query: string): Promise<{ rows: Record<string, unknown>[] } | { error: string }> {
    try {
      const rows = this.ctx.storage.sql.exec(query).toArray()
      // The object's own key-value tables can't be read.
      return { rows: rows.filter(row => !String(row.name).startsWith('_cf_')) }
    } catch (error) {
      return { error: error instanceof Error ? error.message : 'failed' }
    }
  }
}
