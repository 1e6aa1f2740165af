/** A receipt of a thousand steps has a megabyte or so. */
const MAX_BYTES = 32 * 1024 * 1024

export type Unreadable = 'notOpened' | 'tooLarge' | 'notJson'
export interface ReadReceipt {
  name: string
  value: unknown
}

/** The text of a file, or null where it can't be opened (it was moved, or is a folder). */
export const readText = async (file: File): Promise<string | null> => {
  try {
    return await file.text()
  } catch {
    return null
  }
}

/** Parsed JSON and nothing more: whether it is a receipt, `verifyReceipt` says. */
export const readReceipt = async (file: File): Promise<ReadReceipt | Unreadable> => {
  if (file.size > MAX_BYTES) return 'tooLarge'
  const text = await readText(file)
  if (text === null) return 'notOpened'
  try {
    return { name: file.name, value: JSON.parse(text) }
  } catch {
    return 'notJson'
  }
}
