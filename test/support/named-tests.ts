import { existsSync, readFileSync } from 'node:fs'

/** A file under test/, and the exact title of a test in it, or the name of a row of its `test.each`. */
export type NamedTest = readonly [file: string, title: string]

/** Those that are in no such file, or are skipped there. */
export const missingTests = (tests: readonly NamedTest[]): NamedTest[] =>
  tests.filter(([file, title]) => !hasTest(sourceOf(file), title))

const sourceOf = (file: string): string => {
  const url = new URL(`../${file}`, import.meta.url)
  return existsSync(url) ? readFileSync(url, 'utf8') : ''
}

/** The title as a whole string of the source, and no test that is skipped. */
const hasTest = (source: string, title: string): boolean =>
  [`'${title}'`, `"${title}"`, `\`${title}\``].some(quoted => {
    const at = source.indexOf(quoted)
    return at >= 0 && !/\.(skip|todo|fails)\b[^\n]*$/.test(source.slice(Math.max(0, at - 200), at))
  })
