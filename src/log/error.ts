/** Something of the log's formats that is wrong. The message never repeats what it read: it may be personal. */
export class LogError extends Error {
  override name = 'LogError'
}

/** A rule of docs/log.md that does not hold; the message is the line for the reader. */
export class Refused extends LogError {
  override name = 'Refused'
}
