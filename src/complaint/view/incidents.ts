// Incidents: what the platform declares of a fault, whom it touches, and until when it is expected to last. It moves no clock.

/** One word about an incident. The first says whom it touches; null is everybody. Instants are UTC ms. */
export interface IncidentNews {
  incident: string
  at: number
  what: string
  /** When it is expected to end. */
  until: number | null
  /** It is over. */
  ended: boolean
  merchants: readonly string[] | null
  categories: readonly string[] | null
}

/** An incident with its history, oldest first. */
export interface Incident {
  id: string
  news: readonly IncidentNews[]
  endedAt: number | null
}

interface Touched {
  merchant: string
  category: string
  openedAt: number
  closedAt: number | null
}

/** The incidents of these rows, in the order of their first news. */
export const incidentsOf = (rows: readonly IncidentNews[]): Incident[] =>
  [...Map.groupBy(rows, ({ incident }) => incident)].map(([id, news]) => {
    const last = news.at(-1)
    return { id, news, endedAt: last?.ended ? last.at : null }
  })

/** Those of the complaint's merchant and category that overlap its life. */
export const incidentsTouching = (
  incidents: readonly Incident[],
  { merchant, category, openedAt, closedAt }: Touched,
): Incident[] =>
  incidents.filter(({ news: [first], endedAt }) => {
    if (first === undefined) return false
    const named = (first.merchants?.includes(merchant) ?? true) && (first.categories?.includes(category) ?? true)
    return named && (endedAt === null || endedAt > openedAt) && (closedAt === null || first.at < closedAt)
  })
