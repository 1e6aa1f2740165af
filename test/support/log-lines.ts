import { vi } from 'vitest'

export interface LogLine {
  time: string
  level: string
  msg: string
  [field: string]: unknown
}

/** The lines of what was passed to the console, each as `src/telemetry/log.ts` writes it. Throws on any other. */
export const parseLines = (calls: readonly (readonly unknown[])[]): LogLine[] =>
  calls.map(([text, ...rest]) => {
    const parsed: LogLine = JSON.parse(String(text))
    if (rest.length > 0 || !Date.parse(parsed.time) || !parsed.level || !parsed.msg)
      throw new Error(`no log line: ${text}`)
    return parsed
  })

/** Keeps the console silent; ends with `vi.restoreAllMocks`. */
export const captureLogs = () => {
  const calls: unknown[][] = []
  for (const level of ['log', 'warn', 'error'] as const) {
    vi.spyOn(console, level).mockImplementation((...words) => void calls.push(words))
  }
  return { lines: () => parseLines(calls), text: () => calls.flat().join('\n') }
}
