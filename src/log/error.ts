/** Something of the log's formats that is wrong. The message never repeats what it read: it may be personal. */
export class LogError extends Error {
  override name = 'LogError'
}
