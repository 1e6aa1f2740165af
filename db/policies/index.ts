import cn20261 from './cn-2026-1.json' with { type: 'json' }
import cn20262 from './cn-2026-2.json' with { type: 'json' }
import cn20263 from './cn-2026-3.json' with { type: 'json' }

/** The deadline policies that come with the software, newest last; the setting TOUSU_POLICY chooses one by its name. */
const shipped: Readonly<Record<string, unknown>> = {
  'cn-2026-1': cn20261,
  'cn-2026-2': cn20262,
  'cn-2026-3': cn20263,
}

export const DEFAULT_POLICY = 'cn-2026-3'
export const policyNames = Object.keys(shipped)

/** The document of this name, or undefined. */
export const shippedPolicy = (name: string): unknown => (Object.hasOwn(shipped, name) ? shipped[name] : undefined)
