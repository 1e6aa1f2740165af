// Placeholders of prepared drizzle queries.

import { type Placeholder, sql } from 'drizzle-orm'

export const value = sql.placeholder
export const all = <T extends string>(...names: T[]) => {
  const placeholders: Partial<Record<T, Placeholder>> = {}
  for (const name of names) placeholders[name] = sql.placeholder(name)
  return placeholders as Record<T, Placeholder>
}

/** drizzle types `set` without placeholders, though it prepares them. */
export const placeholders = <Row>(...names: (keyof Row & string)[]) => all(...names) as unknown as Partial<Row>
