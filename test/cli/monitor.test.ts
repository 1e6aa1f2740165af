import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import document from '../../db/policies/cn-2026-1.json' with { type: 'json' }
import { newSecretKey, readSecretKey } from '../../src/cli/keys.ts'
import { fromUtf8, utf8 } from '../../src/log/encoding.ts'
import { noteKeyAdded } from '../../src/log/key-leaf.ts'
import { encodeLeaf } from '../../src/log/leaf.ts'
import {
  COSIGNATURE_V1,
  cosign,
  formatSignature,
  formatVerifierKey,
  parseNote,
  verifierKey,
} from '../../src/log/note.ts'
import { formatBundle, parseBundle } from '../../src/log/tiles.ts'
import { leafHash } from '../../src/log/tree.ts'
import { newKey } from '../log/story.ts'
import { Forger } from './forger.ts'
import { GeneratedLog } from './generated-log.ts'
import { type Filed, HOUR, LogServer, refusals } from './log-server.ts'

/** What a monitor under cron must not pass over: it remembers, and each case is wrong behind its back. */
let house: LogServer
let dress: Filed
let c: string

beforeEach(async () => {
  house = await LogServer.open()
  ;[dress] = await house.story()
  c = (await house.receipt(dress)).complaint.c
  expect((await house.monitor()).code).toBe(0)
})
afterEach(() => house.close())

const monitorSays = async (words: string, ...more: string[]) => {
  const { code, out } = await house.monitor('state', ...more)
  expect([code, refusals(out).join('\n')]).toEqual([1, expect.stringContaining(words)])
}
const monitorBelieves = async (...more: string[]) => {
  const { code, out } = await house.monitor('state', ...more)
  expect([code, refusals(out)]).toEqual([0, []])
  return out
}

describe('a deadline that no step records', () => {
  /** The folded row alone is edited: no leaf lies. */
  const edited = async (sql: string) => {
    await house.edit(db => expect(db.prepare(sql).run(c).changes).toBe(1))
    // Nor does a page: whoever reads it gets an error, and the operator an alert.
    expect((await house.ask(dress.room)).status).toBe(500)
    await house.later(80)
    await house.submit()
    await house.later(0)
  }
  const SAYS = '✗ deadlines: complaint '

  test('is named by its complaint, when the row says closed', async () => {
    await edited("update complaints set due = null, folded = json_set(folded, '$.due', null) where tag = ?")
    await monitorSays(`${SAYS}${c}: the deadline of 2026-03-05T04:0`)
    // The memory goes on, and the next run says it anew.
    await monitorSays(`${SAYS}${c}`)
  })

  test('is named by its complaint, when the row says later', async () => {
    const later = "due + 2592000000, folded = json_set(folded, '$.due', json_extract(folded, '$.due') + 2592000000)"
    await edited(`update complaints set due = ${later} where tag = ?`)
    await monitorSays(`${SAYS}${c}: the deadline of 2026-03-05T04:0`)
  })

  test('is late only an hour after it, by the clock of whoever watches a log that stands still', async () => {
    const note = await (await house.ask(`${house.url}/checkpoint`)).text()
    house.fetch = async url => (url.endsWith('/checkpoint') ? new Response(note) : house.ask(url))
    const due = Date.parse('2026-03-04T03:00:00Z')
    house.clock.moveTo(due + 0.9 * HOUR)
    await monitorBelieves()
    house.clock.moveTo(due + 1.1 * HOUR)
    await monitorSays(SAYS)
  })
})

describe('a view that stands still', () => {
  test('is not fresh an hour after its quorum cosigned it, well signed as it is', async () => {
    const { text } = await newSecretKey('witness.example/w1', COSIGNATURE_V1)
    const key = await readSecretKey(text, COSIGNATURE_V1)
    if (!key) throw new Error('no key')
    const log = (await (await house.ask(`${house.url}/policy`)).text()).split('\n')[0]
    house.write('trust.txt', `${log}\nwitness w1 ${formatVerifierKey(key.vkey)}\nquorum w1\n`)
    const note = await (await house.ask(`${house.url}/checkpoint`)).text()
    const line = await cosign(parseNote(note).text, key.vkey, key.sign, Math.floor(house.clock.now() / 1000))
    const frozen = note + formatSignature(line)
    house.fetch = async url => (url.endsWith('/checkpoint') ? new Response(frozen) : house.ask(url))
    await monitorBelieves()
    house.clock.moveTo(house.clock.now() + 0.9 * HOUR)
    await monitorBelieves()
    house.clock.moveTo(house.clock.now() + 0.2 * HOUR)
    await monitorSays('✗ fresh: no quorum cosigned within an hour of 2026-03-02T06:')
  })
})

describe('an old leaf that changed', () => {
  test('at the right edge: the next run names it', async () => {
    const forger = await Forger.of(house)
    const i = forger.leaves.findIndex(leaf => leaf.c === c && leaf.kind === 'merchant_responded')
    const sql = `update leaves set bytes = cast(replace(cast(bytes as text), '"ground":"as_described"', '"ground":"courier"') as blob) where idx = ?`
    await house.edit(db => expect(db.prepare(sql).run(i).changes).toBe(1))
    await monitorSays('✗ old: leaf ')
  })

  test('two that changed places', async () => {
    await house.edit(db => {
      const move = db.prepare('update leaves set idx = ? where idx = ?')
      for (const [to, from] of [
        [-1, 3],
        [3, 4],
        [4, -1],
      ])
        move.run(to, from)
    })
    await monitorSays('✗ old: leaf ')
  })

  test('in a full bundle: within a day of runs, with the proof of what was signed', async () => {
    const { log, policy } = await GeneratedLog.of(6000)
    let fetch = log.fetch
    const io = { fetch: (url: string) => fetch(url), now: () => log.now }
    house.write('generated.txt', policy)
    const run = (...more: string[]) =>
      house.tousuWith(
        io,
        'monitor',
        log.url,
        '--policy',
        house.file('generated.txt'),
        '--state',
        house.file('g'),
        ...more,
      )
    expect((await run()).code).toBe(0)
    const at = 9 * 256 + 200
    fetch = async url => {
      if (!url.includes('entries/009')) return log.fetch(url)
      const leaves = parseBundle(new Uint8Array(await (await log.fetch(url)).arrayBuffer()))
      leaves[200] = utf8(fromUtf8(leaves[200]!).replace('"by":"', '"by":"x'))
      return new Response(formatBundle(leaves))
    }
    const codes: number[] = []
    for (let i = 0; i < 6 && !codes.includes(1); i++) codes.push((await run()).code)
    expect(codes).toEqual([0, 0, 1])
    const { out } = await run()
    expect(refusals(out).join()).toMatch(
      new RegExp(`^✗ old: leaf ${at} \\(\\w+\\): altered: the signed tree holds another`),
    )
    const evidence = house.read('g.evidence')
    const kept = JSON.parse(evidence.slice(evidence.lastIndexOf('\n{')))
    expect(kept).toMatchObject({ index: at, proof: expect.stringContaining(`index ${at}\n`) })
    expect(fromUtf8(Buffer.from(kept.served, 'base64'))).toContain('"by":"x')
    // `--full` needs no luck, and a newcomer has none to need.
    house.write('g', house.read('g').replace(/"cursor":\d+/, '"cursor":12'))
    expect((await run('--full')).code).toBe(1)
  })
})

describe('what is withheld under a signed size', () => {
  const cut = (part: string, by: number) => {
    house.fetch = async url => {
      const response = await house.ask(url)
      if (!url.includes(part)) return response
      const bytes = new Uint8Array(await response.arrayBuffer())
      return new Response(bytes.subarray(0, bytes.length - by))
    }
  }

  test('a bundle without its last leaf', async () => {
    cut('tile/entries', 5)
    await monitorSays('tile/entries/000.p/7 is shorter than its name says: the log withholds what it signed')
  })

  test('a short tile', async () => {
    await house.act(dress, 'platform', 'assignment', { officer: 'A17' })
    await house.later(1)
    cut('tile/0/', 32)
    await monitorSays('✗ continues: tile/0/000.p/8 is shorter than its name says')
  })

  test('the newest leaf is deleted in the database', async () => {
    await house.edit(db => db.prepare('delete from leaves where idx = (select max(idx) from leaves)').run())
    const { code, out, err } = await house.monitor()
    expect([code, out + err]).toEqual([1, expect.stringContaining('tile/entries/000.p/7')])
  })
})

describe('a complaint that the operator no longer shows', () => {
  test('its row is dropped: an hour after its deadline the monitor names it', async () => {
    await house.edit(db => expect(db.prepare('delete from complaints where tag = ?').run(c).changes).toBe(1))
    expect((await house.ask(dress.room)).status).toBe(404)
    await monitorBelieves()
    await house.later(80)
    await monitorSays(`✗ deadlines: complaint ${c}: the deadline of 2026-03-05T04:0`)
  })

  test('its newest step is hidden: the receipt that hides it, in a monitor', async () => {
    const before = await Forger.of(house)
    const leaves = before.leaves.filter(leaf => leaf.c === c)
    const head = Buffer.from(leafHash(encodeLeaf(leaves.at(-2)!))).toString('base64url')
    const { state, holder, due, rule } = leaves.at(-2)!
    // Well done: the fold is that of the step before, too.
    const fold = `json_set(folded, '$.state', '${state}', '$.holder', '${holder}', '$.due', ${due}, '$.rule', '${rule}')`
    const set = `chain = substr(chain, 1, length(chain) - 6), head = '${head}', due = ${due}, status = '${state}'`
    await house.edit(db => void db.prepare(`update complaints set ${set}, folded = ${fold} where tag = ?`).run(c))
    const hidden = await house.receipt(dress)
    expect(hidden.steps).toHaveLength(leaves.length - 1)
    expect((await house.verify(hidden)).code).toBe(0)
    const file = house.write('hidden.json', hidden)
    await monitorSays(
      `✗ receipt: the statement in ${file} calls step 2 the last one, but its tree holds step 3`,
      '--receipt',
      file,
    )
  })
})

describe('keys and policies', () => {
  test('a new one is a line, once', async () => {
    const honest = await Forger.of(house)
    const { publicKey } = await newKey()
    const vkey = formatVerifierKey(verifierKey('log.test/0', publicKey))
    const own = honest.leaves.findLast(leaf => leaf.c === null)!
    const now = house.clock.now()
    const added = { ...own, kind: 'key_added', policy: null, p: noteKeyAdded(vkey), at: now, on: now }
    house.fetch = await honest.rewritten(leaves => [...leaves, added]).serve()
    expect(await monitorBelieves()).toMatch(/· leaf 7: key_added at \S+: log.test\/0\+/)
    expect(await monitorBelieves()).not.toContain('·')
  })

  test('a document that is served otherwise than it was adopted', async () => {
    const real = house.fetch
    const text = JSON.stringify(document).replace('"hours":72', '"hours":720')
    house.fetch = async url => (url.includes('/policies/') ? new Response(text) : real(url))
    await monitorSays('✗ policies: under the hash of the policy ')
  })
})

describe('an honest log that is behind', () => {
  /** The checkpoint of a moment ago goes on being served. */
  const behind = async () => {
    const note = await (await house.ask(`${house.url}/checkpoint`)).text()
    await house.act(dress, 'buyer', 'messages', { text: '还在吗' })
    await house.later(0)
    house.fetch = async url => (url.endsWith('/checkpoint') ? new Response(note) : house.ask(url))
  }

  test('is not accused by a newer receipt, until it stays behind', async () => {
    await behind()
    const file = house.write('newer.json', await house.receipt(dress))
    expect(await monitorBelieves('--receipt', file)).toContain(
      `· the tree of ${file} has 8 leaves, and 7 are served: it can't be compared yet`,
    )
    house.clock.moveTo(house.clock.now() + 0.4 * HOUR)
    await monitorSays(
      `the tree of ${file} has 8 leaves, and 7 are served, though it was signed by 2026-`,
      '--receipt',
      file,
    )
    house.fetch = url => house.ask(url)
    expect(await monitorBelieves('--receipt', file)).toContain(`✓ receipt: what ${file} promises holds`)
  })

  test('nor by a monitor that was a moment ahead, until it stays behind', async () => {
    const old = house.fetch
    await behind()
    const stale = house.fetch
    house.fetch = old
    await house.monitor('elsewhere')
    house.fetch = stale
    const elsewhere = house.file('elsewhere')
    expect(await monitorBelieves('--seen', elsewhere)).toContain("it can't be compared yet")
    house.clock.moveTo(house.clock.now() + 0.4 * HOUR)
    await monitorSays(`✗ seen: the tree of ${elsewhere} has 8 leaves`, '--seen', elsewhere)
  })

  test('and a receipt that its witnesses have not seen yet is no fault of the log', async () => {
    const { text } = await newSecretKey('witness.example/w1', COSIGNATURE_V1)
    const key = await readSecretKey(text, COSIGNATURE_V1)
    if (!key) throw new Error('no key')
    const log = (await (await house.ask(`${house.url}/policy`)).text()).split('\n')[0]
    house.write('trust.txt', `${log}\nwitness w1 ${formatVerifierKey(key.vkey)}\nquorum w1\n`)
    const note = await (await house.ask(`${house.url}/checkpoint`)).text()
    const line = await cosign(parseNote(note).text, key.vkey, key.sign, Math.floor(house.clock.now() / 1000))
    const file = house.write('fresh.json', await house.receipt(dress))
    house.fetch = async url =>
      url.endsWith('/checkpoint') ? new Response(note + formatSignature(line)) : house.ask(url)
    const out = await monitorBelieves('--receipt', file)
    expect(out).toContain(`· ${file}: the policy's quorum is not met`)
    expect(out).toContain(`✓ receipt: what ${file} promises holds`)
  })
})
