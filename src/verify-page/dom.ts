import { verifyBytes } from '../log/note.ts'

type Child = Node | string | null

/** An element with this class. Strings become text and never markup: a receipt may hold anything. */
export const el = (tag: string, className: string, ...children: Child[]): HTMLElement => {
  const element = document.createElement(tag)
  if (className !== '') element.className = className
  element.append(...children.filter(child => child !== null))
  return element
}

/** The element of the page with this id, which must be of this class. */
export const byId = <T extends HTMLElement>(id: string, type: new () => T): T => {
  const element = document.getElementById(id)
  if (element instanceof type) return element
  throw new TypeError(`the page has no ${id}`)
}

/** RFC 8032 section 7.1, test 1: the signature of no bytes at all. */
const KEY = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'
const SIGNATURE =
  'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b'

const bytes = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], byte => Number.parseInt(byte, 16))

/**
 * Whether this browser can check an Ed25519 signature. Chrome before 137, Safari before 17 and pages without https can't,
 * and would call every honest receipt a forgery.
 */
export const supportsEd25519 = async (): Promise<boolean> => {
  try {
    return await verifyBytes(bytes(KEY), new Uint8Array(), bytes(SIGNATURE))
  } catch {
    return false
  }
}
