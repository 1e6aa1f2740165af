import { expect } from 'vitest'

const MB = 1024 * 1024

export interface Attack {
  path: string
  type: string
  body: string
  status: number
  headers?: Record<string, string>
}

const dashes = (length: number): string => '-'.repeat(length)
const json = 'application/json'
const form = 'application/x-www-form-urlencoded'
const multipart = (boundary: string): string => `multipart/form-data; boundary=${boundary}`
/** A form of a console whose session has ended; only the header of a browser stands before it. */
const console_ = { path: '/merchant/settings/contact', headers: { 'Sec-Fetch-Site': 'same-origin' } }

export const ATTACKS: [name: string, attack: Attack][] = [
  [
    'an expired form with a boundary of 8,000 dashes',
    { ...console_, type: multipart(dashes(8000)), body: dashes(MB + 4096), status: 303 },
  ],
  [
    'an expired form with a boundary of 70 dashes',
    { ...console_, type: multipart(dashes(70)), body: dashes(MB + 4096), status: 303 },
  ],
  ['an expired form of line feeds', { ...console_, type: multipart('x'), body: '\n'.repeat(MB + 4096), status: 303 }],
  [
    'an expired form of delimiters',
    { ...console_, type: multipart('x'), body: '\n--x\r\n'.repeat(MB / 6), status: 303 },
  ],
  ['an expired form of 520,000 pairs', { ...console_, type: form, body: 'a&'.repeat(520_000), status: 303 }],
  ['a pickup of 32,000 pairs', { path: '/pickup', type: form, body: 'a&'.repeat(32_000), status: 413 }],
  ['a pickup of 520,000 pairs', { path: '/pickup', type: form, body: 'a&'.repeat(520_000), status: 413 }],
  ['a pickup of nested JSON', { path: '/pickup', type: json, body: '['.repeat(MB - 10), status: 400 }],
  [
    'a pickup of JSON names',
    {
      path: '/pickup',
      type: json,
      body: `{${Array.from({ length: 60_000 }, (_, i) => `"k${i}":1`).join()}}`,
      status: 422,
    },
  ],
  ['a pickup with percent signs', { path: '/pickup', type: form, body: `code=${'%'.repeat(60_000)}`, status: 422 }],
  ['a pickup with dots in its names', { path: '/pickup', type: form, body: `${'a.'.repeat(30_000)}a=1`, status: 422 }],
]

type Send = (attack: Attack) => Promise<number>

const WORST = 20

/** Complexity attacks: the best of five of each, or of as many as fifteen on a busy machine, which is slow, not wrong; `send` answers the status. */
export const costsWhatHarmlessBytesDo = async (send: Send, attack: Attack): Promise<void> => {
  const filler = 'x'.repeat(attack.body.length - 8)
  const control = {
    ...attack,
    ...(attack.type === json ? { body: `{"t":"${filler}"}` } : { type: form, body: `t=${filler}` }),
  }
  const timed = async (what: Attack) => {
    const began = performance.now()
    const status = await send(what)
    return { ms: performance.now() - began, status }
  }
  const [attacks, controls]: [number[], number[]] = [[], []]
  const ratio = () => Math.min(...attacks) / Math.max(Math.min(...controls), 5)
  for (let i = 0; i < 5 || (i < 15 && ratio() >= WORST); i++) {
    const { ms, status } = await timed(attack)
    attacks.push(ms)
    controls.push((await timed(control)).ms)
    expect(status).toBe(attack.status)
  }
  // The worst of them took 60 to 17,000 times as long as its control.
  expect(ratio()).toBeLessThan(WORST)
}
