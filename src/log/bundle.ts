/** Entry bundles, C2SP tlog-tiles: the leaves of a level 0 tile, each behind its length as a big-endian uint16. */
import { LogError } from './error.ts'

export class BundleError extends LogError {
  override name = 'BundleError'
}

export function formatBundle(leaves: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bundle = new Uint8Array(leaves.reduce((length, leaf) => length + 2 + leaf.length, 0))
  const view = new DataView(bundle.buffer)
  let at = 0
  for (const leaf of leaves) {
    if (leaf.length > 0xffff) throw new BundleError('a leaf too long for a bundle')
    view.setUint16(at, leaf.length)
    bundle.set(leaf, at + 2)
    at += 2 + leaf.length
  }
  return bundle
}

/** The same, made in place: leaves of these lengths that lie in one piece, two bytes in front of each. Throws a BundleError. */
export function frameBundle(spaced: Uint8Array, lengths: readonly number[]): Uint8Array {
  const view = new DataView(spaced.buffer, spaced.byteOffset, spaced.length)
  let at = 0
  for (const length of lengths) {
    if (length > 0xffff) throw new BundleError('a leaf too long for a bundle')
    if (at + 2 + length > spaced.length) throw new BundleError('lengths of other leaves')
    view.setUint16(at, length)
    at += 2 + length
  }
  if (at !== spaced.length) throw new BundleError('lengths of other leaves')
  return spaced
}

/** Copies of the leaves. Throws a BundleError where one is cut short. */
export function parseBundle(bundle: Uint8Array): Uint8Array<ArrayBuffer>[] {
  const view = new DataView(bundle.buffer, bundle.byteOffset, bundle.length)
  const leaves: Uint8Array<ArrayBuffer>[] = []
  for (let at = 0; at < bundle.length; ) {
    if (at + 2 > bundle.length) throw new BundleError('a bundle that ends within a length')
    const end = at + 2 + view.getUint16(at)
    if (end > bundle.length) throw new BundleError('a bundle that ends within a leaf')
    leaves.push(new Uint8Array(bundle.subarray(at + 2, end)))
    at = end
  }
  return leaves
}
