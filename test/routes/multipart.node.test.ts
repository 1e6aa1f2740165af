import { expect, test } from 'vitest'
import { concat } from '../../src/log/encoding.ts'
import { Problem } from '../../src/routes/problem.ts'
import { MultipartParser } from '../../src/routes/uploads.ts'
import { bytes, joined, PNG } from './uploads.ts'

type Part = [name: string, filename: string | undefined, text: string]

const latin1 = (all: readonly Uint8Array[]) => new TextDecoder('latin1').decode(joined(...all))

/** All parts of a body that arrives in these pieces. */
const parsed = (type: string, pieces: Iterable<Uint8Array>): Part[] => {
  const parser = new MultipartParser(type)
  const parts: { name: string; filename: string | undefined; bytes: Uint8Array[] }[] = []
  for (const piece of pieces) {
    for (const event of parser.push(piece)) {
      if (event.is === 'begin') parts.push({ ...event, bytes: [] })
      if (event.is === 'bytes') parts.at(-1)?.bytes.push(event.bytes.slice())
    }
  }
  parser.finish()
  return parts.map(part => [part.name, part.filename, latin1(part.bytes)])
}

const codeOf = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    if (error instanceof Problem) return error.code
    throw error
  }
  return 'none'
}

const X = 'multipart/form-data; boundary=x'
const part = (name: string, content: string) =>
  `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${content}\r\n`

/** Line breaks, dashes and half delimiters, where a reader in a hurry takes one for a part's end. */
const TRICKY = [
  '',
  '\r',
  '\r\n',
  '\r\n-',
  '\r\n--',
  '\r\n\r\n--',
  '\r\r\n--\r\n',
  '--x',
  '-\r\n-\r\n--y',
  '\r\n--\r\n--\r',
]

test('a form of a browser is read as the platform reads it', async () => {
  const form = new FormData()
  for (const [i, text] of TRICKY.entries()) form.append(`t${i}`, text)
  form.append('照片', '水洗标\u2028')
  form.append('files', new File([PNG], '水"洗\u2028标.png'))
  form.append('files', new File([], ''))
  const sent = new Response(form)
  const type = sent.headers.get('content-type') ?? ''
  const body = new Uint8Array(await sent.arrayBuffer())
  const expected: Part[] = []
  for (const [name, value] of await new Response(body, { headers: { 'Content-Type': type } }).formData()) {
    const content =
      typeof value === 'string' ? new TextEncoder().encode(value) : new Uint8Array(await value.arrayBuffer())
    expected.push([name, typeof value === 'string' ? undefined : value.name, latin1([content])])
  }
  expect(parsed(type, [body])).toEqual(expected)
})

test('in whatever pieces a body arrives, its parts are the same', () => {
  const body = bytes(`\r\n${TRICKY.map((text, i) => part(`t${i}`, text)).join('')}--x--\r\nand what follows`)
  const whole = parsed(X, [body])
  expect(whole.map(([, , text]) => text)).toEqual(TRICKY)
  for (let at = 0; at <= body.length; at++) expect(parsed(X, [body.subarray(0, at), body.subarray(at)])).toEqual(whole)
  expect(
    parsed(
      X,
      Array.from(body, each => Uint8Array.of(each)),
    ),
  ).toEqual(whole)
})

test.each([
  ['no boundary', 'multipart/form-data', part('a', 'b')],
  ['a boundary of 71 characters', `multipart/form-data; boundary=${'x'.repeat(71)}`, part('a', 'b')],
  ['nothing', X, ''],
  ['no end', X, part('a', 'b')],
  ['a delimiter that goes on', X, `${part('a', 'b')}--xy--\r\n`],
  ['a part without a name', X, '--x\r\nContent-Disposition: form-data\r\n\r\nb\r\n--x--\r\n'],
  ['a part without headers', X, '--x\r\n\r\n\r\nb\r\n--x--\r\n'],
])('%s is malformed', (_what, type, body) => {
  expect(codeOf(() => parsed(type, [bytes(body)]))).toBe('malformed_form')
})

test('more parts or longer headers than any form has are too large', () => {
  expect(parsed(X, [bytes(`${part('a', 'b').repeat(200)}--x--`)])).toHaveLength(200)
  expect(codeOf(() => parsed(X, [bytes(`${part('a', 'b').repeat(201)}--x--`)]))).toBe('too_large')
  expect(codeOf(() => parsed(X, [bytes(part('a'.repeat(17_000), 'b'))]))).toBe('too_large')
})

/** The best of five: a busy machine is slow, not wrong. */
const best = (type: string, body: Uint8Array): number => {
  const pieces = Array.from({ length: Math.ceil(body.length / 65_536) }, (_, i) =>
    body.subarray(i * 65_536, (i + 1) * 65_536),
  )
  return Math.min(
    ...Array.from({ length: 5 }, () => {
      const began = performance.now()
      const parser = new MultipartParser(type)
      for (const piece of pieces) for (const _ of parser.push(piece));
      return performance.now() - began
    }),
  )
}

const DASHES = 'multipart/form-data; boundary='.concat('-'.repeat(70))
const SIZE = 4 * 1024 * 1024
const filled = (text: string): Uint8Array => new TextEncoder().encode(text.repeat(Math.ceil(SIZE / text.length)))

test.each([
  ['carriage returns', X, '\r'],
  ['line breaks', X, '\r\n'],
  ['half delimiters', DASHES, `\r\n--${'-'.repeat(69)}`],
  ['dashes', DASHES, '-'],
])('four megabytes of %s cost what others do', (_what, type, scrap) => {
  const head = bytes(
    part('a', '')
      .slice(0, -2)
      .replace('--x', type === X ? '--x' : `--${'-'.repeat(70)}`),
  )
  const noise = new Uint8Array(SIZE)
  for (let at = 0; at < SIZE; at += 65_536) crypto.getRandomValues(noise.subarray(at, at + 65_536))
  const control = best(type, concat(head, noise))
  expect(best(type, concat(head, filled(scrap))) / Math.max(control, 5)).toBeLessThan(12)
})
