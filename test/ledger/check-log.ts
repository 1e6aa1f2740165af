import { sha256 } from '@noble/hashes/sha2.js'
import { expect } from 'vitest'
import type { Complaint } from '../../src/complaint/complaint.ts'
import { type Policy, parsePolicy } from '../../src/complaint/deadlines/policy.ts'
import { evolve } from '../../src/complaint/evolve.ts'
import type { Step } from '../../src/complaint/step.ts'
import type { Ledger } from '../../src/ledger/contract/ledger.ts'
import type { PublishedLog } from '../../src/ledger/contract/published-log.ts'
import { breakBetween, type Link } from '../../src/log/chain.ts'
import { parseCheckpoint } from '../../src/log/checkpoint.ts'
import { concat, toBase64url, utf8 } from '../../src/log/encoding.ts'
import { originIn } from '../../src/log/key-leaf.ts'
import { decodeLeaf } from '../../src/log/leaf.ts'
import { noteVerifier, parseNote, parseVerifierKey, verifyNote } from '../../src/log/note.ts'
import { readKid, verifyStatement } from '../../src/log/statement.ts'
import { openingProblem } from '../../src/log/succession.ts'
import { hashesAt, parseBundle, TILE_WIDTH, tileWidth } from '../../src/log/tiles.ts'
import { emptyRoot, leafHash, nodeHash } from '../../src/log/tree.ts'
import { expectRecomputed } from '../complaint/deadlines/recompute.ts'
import { checkFigures } from './check-figures.ts'
import { everyItem } from './fixture.ts'

/**
 * Verifies a whole log as a stranger would: through what it publishes, with code of its own where code could be
 * wrong. Then asks for a statement about every complaint, each of which must name the last leaf there is.
 */
export const checkLog = async (ledger: Ledger, now: number): Promise<Link[]> => {
  const items = await everyItem(ledger, now)
  // A statement waits for the checkpoint that covers the newest step.
  const statements = await Promise.all(items.map(item => ledger.statement(item.id)))
  const links = await publishedLeaves(ledger.log)
  checkTimes(links)
  const chains = Map.groupBy(links, link => link.leaf.c)
  const own = chains.get(null) ?? []
  checkOwnChain(own, (await ledger.log.identity()).origin)
  const policies = new Map(
    await Promise.all(own.flatMap(({ leaf }) => (leaf.policy === null ? [] : [servedPolicy(ledger.log, leaf.policy)]))),
  )
  const ends = new Map([...chains].flatMap(([c, chain]) => (c === null ? [] : [[c, checkChain(chain, policies)]])))
  expect(ends.size).toBe(items.length)
  for (const [i, item] of items.entries()) {
    const claim = await checkStatement(statements[i] ?? '', links, ledger.log)
    const { state, holder, due, openedAt, closedAt, category, handoffs } = item
    expect(ends.get(claim.c)).toMatchObject({ state, holder, due, openedAt, closedAt, category, handoffs })
  }
  await checkFigures(ledger, links)
  return links
}

/** The leaves under the newest checkpoint, whose signature, root and tiles must be right. */
export const publishedLeaves = async (log: PublishedLog): Promise<Link[]> => {
  const { size, root } = await signedCheckpoint(log)
  const links: Link[] = []
  for (let n = 0; n * TILE_WIDTH < size; n++) {
    const width = tileWidth(0, n, size)
    const leaves = parseBundle((await log.entries(n, width)) ?? new Uint8Array())
    expect(leaves.length).toBe(width)
    for (const bytes of leaves) links.push({ leaf: decodeLeaf(bytes), hash: leafHash(bytes), index: links.length })
  }
  const hashes = links.map(link => link.hash)
  expect(rootOf(hashes)).toEqual(root)
  await checkTiles(log, size, hashes)
  return links
}

const signedCheckpoint = async (log: PublishedLog) => {
  const { origin, verifierKey } = await log.identity()
  await expect.poll(() => log.checkpoint()).not.toBeNull()
  const note = parseNote((await log.checkpoint()) ?? '')
  expect(await verifyNote(note, [noteVerifier(parseVerifierKey(verifierKey))])).toHaveProperty('size', 1)
  const checkpoint = parseCheckpoint(note.text)
  expect(checkpoint.origin).toBe(origin)
  return checkpoint
}

/** RFC 6962 section 2.1, as written there. */
export const rootOf = (hashes: readonly Uint8Array[]): Uint8Array => {
  if (hashes.length < 2) return hashes[0] ?? emptyRoot
  let split = 1
  while (split * 2 < hashes.length) split *= 2
  return nodeHash(rootOf(hashes.slice(0, split)), rootOf(hashes.slice(split)))
}

const checkTiles = async (log: PublishedLog, size: number, leaves: readonly Uint8Array[]) => {
  let hashes = leaves
  for (let level = 0; hashes.length > 0; level++) {
    for (let n = 0; n * TILE_WIDTH < hashes.length; n++) {
      const width = tileWidth(level, n, size)
      const expected = concat(...hashes.slice(n * TILE_WIDTH, n * TILE_WIDTH + width))
      expect(await log.tile(level, n, width)).toEqual(expected)
      if (width < TILE_WIDTH) await expectUnsigned(log, size, await log.tile(level, n, width + 1))
    }
    hashes = Array.from({ length: hashesAt(level + 1, size) }, (_, n) =>
      rootOf(hashes.slice(n * TILE_WIDTH, (n + 1) * TILE_WIDTH)),
    )
  }
  await expectUnsigned(log, size, await log.entries(Math.floor(size / TILE_WIDTH), (size % TILE_WIDTH) + 1))
}

/** What reaches beyond a checkpoint is served only once a newer one covers it, which a scheduler may have signed meanwhile. */
const expectUnsigned = async (log: PublishedLog, size: number, beyond: Uint8Array | null) => {
  if (beyond !== null) expect((await signedCheckpoint(log)).size).toBeGreaterThan(size)
}

const checkTimes = (links: readonly Link[]) => {
  let last = 0
  for (const { leaf } of links) {
    expect(leaf.at).toBeGreaterThanOrEqual(last)
    expect(leaf.on).toBeLessThanOrEqual(leaf.at)
    last = leaf.at
  }
}

const checkLinks = (chain: readonly Link[]) => {
  for (const [i, link] of chain.entries()) expect(breakBetween(chain[i - 1] ?? null, link)).toBeNull()
}

const checkOwnChain = (chain: readonly Link[], origin: string) => {
  checkLinks(chain)
  const [first, ...rest] = chain
  expect(first?.index).toBe(0)
  let name = first ? originIn(first.leaf) : null
  for (const { leaf, index } of rest) {
    if (leaf.kind !== 'log_opened') continue
    expect(openingProblem(leaf, index, name)).toBeNull()
    name = originIn(leaf)
  }
  expect(name).toBe(origin)
  expect(rest.length).toBeGreaterThan(0)
}

const servedPolicy = async (log: PublishedLog, hash: string | null): Promise<[string, Policy]> => {
  const text = (await log.policy(hash ?? '')) ?? ''
  expect(toBase64url(sha256(utf8(text)))).toBe(hash)
  return [hash ?? '', { ...parsePolicy(JSON.parse(text)), hash: hash ?? '' }]
}

/** Recomputes state, holder, due and rule of each step from the steps before it and the policy alone. */
const checkChain = (chain: readonly Link[], policies: ReadonlyMap<string, Policy>): Complaint => {
  checkLinks(chain)
  const policy = policies.get(chain[0]?.leaf.policy ?? '')
  if (!policy) throw new Error('a complaint under a policy that the log did not adopt')
  expectRecomputed(
    chain.map(({ leaf }) => leaf),
    policy,
  )
  let complaint: Complaint | null = null
  for (const { leaf } of chain) {
    const { kind, by, auto, who, at, on, p, state, holder, due, rule } = leaf
    const step = { kind, by, auto, who, at, on, p, policy } as Step
    complaint = evolve(complaint, step)
    expect({ state, holder, due, rule, policy: leaf.policy, seq: leaf.seq }).toEqual({
      state: complaint.state,
      holder: complaint.holder,
      due: complaint.due,
      rule: complaint.rule,
      policy: policy.hash,
      seq: complaint.seq,
    })
  }
  if (!complaint) throw new Error('a chain has a leaf')
  return complaint
}

/** It names the last leaf of its complaint, and the tree is split at its instant. */
const checkStatement = async (jws: string, links: readonly Link[], log: PublishedLog) => {
  const { origin, jwks } = await log.identity()
  const key = jwks.keys.find(({ kid }) => kid === readKid(jws))
  const claim = await verifyStatement(jws, key?.x ?? '')
  expect(claim.origin).toBe(origin)
  const within = links.slice(0, claim.size)
  expect(claim.root).toBe(toBase64url(rootOf(within.map(link => link.hash))))
  const last = within.findLast(({ leaf }) => leaf.c === claim.c)
  expect([claim.head_seq, claim.head_leaf]).toEqual([last?.leaf.seq, last && toBase64url(last.hash)])
  expect(within.at(-1)?.leaf.at).toBeLessThanOrEqual(claim.iat)
  expect(links[claim.size]?.leaf.at ?? claim.iat).toBeGreaterThanOrEqual(claim.iat)
  return claim
}
