/** What does not hold: errors of the log's formats, and the lines of a verification. */

/** Something of the log's formats that is wrong. The message never repeats what it read: it may be personal. */
export class LogError extends Error {
  override name = 'LogError'
}

/** A rule of docs/log.md that does not hold; the message is the line for the reader. */
export class Refused extends LogError {
  override name = 'Refused'
}

/** One line of a verification. */
export interface Check {
  readonly name: string
  readonly ok: boolean
  /** One line for the reader, without personal data. */
  readonly detail: string
}

/** What holds, in a line, and what was learned by it. Throws a LogError where it doesn't hold. */
type Prove<T> = () => Promise<readonly [detail: string, value: T]>
type Checker = <T>(name: string, prove: Prove<T>) => Promise<T>

/**
 * Runs checks in order up to the first that fails, since each needs what the one before it learned; answers a line for each. `first`
 * is the name of that line where something fails before any check began. Errors other than a LogError are thrown on.
 */
export async function checkInTurn(first: string, prove: (check: Checker) => Promise<void>): Promise<Check[]> {
  const done: Check[] = []
  let doing = first
  try {
    await prove(async (name, each) => {
      doing = name
      const [detail, value] = await each()
      done.push({ name, ok: true, detail })
      return value
    })
  } catch (error) {
    if (!(error instanceof LogError)) throw error
    done.push({ name: doing, ok: false, detail: error.message })
  }
  return done
}
