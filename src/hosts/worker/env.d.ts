// What wrangler and workerd provide, as far as we use it. The whole of workers-types would clash with the DOM's types.
declare module '*.sql' {
  const text: string
  export default text
}

declare module 'cloudflare:workers' {
  import type { DurableObjectState } from '@cloudflare/workers-types'

  export abstract class DurableObject<Env> {
    protected ctx: DurableObjectState
    protected env: Env
    constructor(ctx: DurableObjectState, env: Env)
  }
}
