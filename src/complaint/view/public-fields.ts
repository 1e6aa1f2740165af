import type { Fields, FieldValue } from '../step.ts'
import { iso } from '../time.ts'

type PublicValue = string | number | boolean | object | null | undefined

const INSTANTS = ['by', 'due', 'firstDue']

/**
 * The public parameters of a step (`p` of its leaf) as readers see them: instants as ISO 8601, the name of a desk
 * decoded. The tracking page and the verifier both use it, so that they never disagree. `lapses` is left out: the fold
 * needs it, and a reader sees the lapse itself. Throws for a leaf that is well-formed but says what no step does.
 */
export const publicFields = (p: object): Fields =>
  Object.fromEntries(
    Object.entries(p).flatMap(([name, value]) => (name === 'lapses' ? [] : [[name, publicField(name, value)]])),
  )

const publicField = (name: string, value: PublicValue): FieldValue | undefined => {
  if (value === null) return undefined
  if (typeof value === 'object') return publicFields(value)
  if (typeof value === 'number' && INSTANTS.includes(name)) return iso(value)
  return name === 'desk' && typeof value === 'string' ? decodeURIComponent(value) : value
}
