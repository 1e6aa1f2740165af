/** Equality of leaf values; a name whose value is undefined is no name. */
export const sameValue = (a: unknown, b: unknown): boolean => {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  return holds(a, b) && holds(b, a)
}

const holds = (a: object, b: object): boolean => {
  for (const name in a) {
    const value: unknown = a[name as keyof typeof a]
    if (value !== undefined && !(Object.hasOwn(b, name) && sameValue(value, b[name as keyof typeof b]))) return false
  }
  return true
}
