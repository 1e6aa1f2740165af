import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DemoServer, openDemo } from '../../src/hosts/node/demo.ts'
import { digestOf, openDisclosure } from '../../src/log/disclosure.ts'
import { fromBase64, toBase64url } from '../../src/log/encoding.ts'
import { decodeLeaf } from '../../src/log/leaf.ts'
import type { Receipt } from '../../src/log/receipt.ts'
import { readStatement, signStatement } from '../../src/log/statement.ts'
import { leafHash } from '../../src/log/tree.ts'

export interface Source {
  folder: string
  demo: DemoServer
  receipt(story: string): Promise<Receipt>
  /** What the buyer was given on submission. */
  promise(story: string): Promise<string>
  policy(): Promise<string>
  close(): Promise<void>
}

/** A demo house and the receipts of its stories, as buyers download them. */
export const openSource = async (): Promise<Source> => {
  const folder = mkdtempSync(join(tmpdir(), 'tousu-verify-'))
  const demo = await openDemo(folder, 'http://localhost')
  const pathOf = (name: string) => {
    const found = demo.facts.stories.find(each => each.name === name)
    if (!found) throw new Error(`no story ${name}`)
    return new URL(found.trackingUrl).pathname
  }
  return {
    folder,
    demo,
    receipt: async story => (await demo.app.request(`${pathOf(story)}/receipt.json`)).json(),
    promise: async story => (await demo.app.request(`${pathOf(story)}/promise.txt`)).text(),
    policy: async () => (await demo.app.request('/log/0/policy')).text(),
    close: async () => {
      await demo.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The receipt with other bytes in its first leaf of that kind: how many notices stand before it depends on the hour. */
export const withLeaf = (receipt: Receipt, kind: string, change: (leaf: string) => string): Receipt => {
  const at = receipt.steps.findIndex(({ leaf }) => atob(leaf).includes(`"kind":"${kind}"`))
  if (at < 0) throw new Error(`no leaf of kind ${kind}`)
  return {
    ...receipt,
    steps: receipt.steps.map((step, i) => (i === at ? { ...step, leaf: btoa(change(atob(step.leaf))) } : step)),
  }
}

/** The receipt with this text in the place of what its steps disclosed under that name. */
export const withText = (receipt: Receipt, name: string, text: string): Receipt => {
  const steps = receipt.steps.map(step => ({
    ...step,
    disclosures: step.disclosures.map(each => swap(each, name, text)),
  }))
  if (JSON.stringify(steps) === JSON.stringify(receipt.steps)) throw new Error(`no step discloses ${name}`)
  return { ...receipt, steps }
}

const swap = (disclosure: string, name: string, text: string): string => {
  const opened = openDisclosure(disclosure)
  if (opened.name !== name) return disclosure
  const swapped = Buffer.from(JSON.stringify([opened.salt, name, text])).toString('base64url')
  if (digestOf(swapped) === digestOf(disclosure)) throw new Error('nothing was changed')
  return swapped
}

/** The receipt without its newest step, under a statement that the demo's own key signs. */
export const hideNewest = async (receipt: Receipt, { folder }: Source): Promise<Receipt> => {
  const steps = receipt.steps.slice(0, -1)
  const last = fromBase64(steps.at(-1)?.leaf ?? '')
  const { seq } = decodeLeaf(last)
  const claim = { ...readStatement(receipt.statement), head_seq: seq, head_leaf: toBase64url(leafHash(last)) }
  const jwk: JsonWebKey = JSON.parse(readFileSync(join(folder, 'secrets.json'), 'utf8')).statement
  const key = await crypto.subtle.importKey('jwk', jwk, 'Ed25519', false, ['sign'])
  return { ...receipt, steps, statement: await signStatement(claim, key, jwk.x ?? '') }
}
