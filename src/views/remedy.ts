import type { FieldValue } from '../complaint/step.ts'
import type { Dictionary } from '../complaint/view/dictionary.ts'

/** 部分退款 60.00 元; empty where there is no remedy. */
export const remedyWords = (remedy: FieldValue | null | undefined, dictionary: Dictionary): string => {
  if (typeof remedy !== 'object' || remedy === null) return ''
  const remedies: Record<string, string> = dictionary.remedies
  const sum = dictionary.amount(remedy.amount)
  return `${remedies[String(remedy.kind)] ?? ''}${sum && ` ${sum}`}`
}
