// What a verification begins with: this server's policies, and the receipt that the reader opens on the device.

import { parsePolicy } from '../log/trust.ts'

/** This server's own policies, one a shard. Throws where one can't be had. */
export const fetchPolicies = (paths: readonly string[]): Promise<string[]> =>
  Promise.all(
    paths.map(async path => {
      const response = await fetch(path, { credentials: 'omit' })
      if (!response.ok) throw new Error(`${path} answered ${response.status}`)
      return response.text()
    }),
  )

/** The one about the receipt's log; the first where none is. */
export const policyFor = (receipt: unknown, policies: readonly string[]): string =>
  policies.find(text => logsIn(text).includes(originOf(receipt))) ?? policies[0] ?? ''

/** Whether the policy requires no witness. */
export const needsNoWitness = (text: string): boolean => attempt(() => parsePolicy(text).quorum === 'none', false)

/** Where the policy says that the receipt's log is served, or nothing. */
export const logOf = (receipt: unknown, text: string): string =>
  attempt(() => parsePolicy(text).logs.find(({ key }) => key.name === originOf(receipt))?.url ?? '', '')

const logsIn = (text: string): string[] => attempt(() => parsePolicy(text).logs.map(({ key }) => key.name), [])

const originOf = (receipt: unknown): string =>
  typeof receipt === 'object' && receipt !== null && 'origin' in receipt ? String(receipt.origin) : ''

const attempt = <T>(read: () => T, otherwise: T): T => {
  try {
    return read()
  } catch {
    return otherwise
  }
}

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
