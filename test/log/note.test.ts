import { describe, expect, test } from 'vitest'
import { CheckpointError, formatCheckpoint, parseCheckpoint } from '../../src/log/checkpoint.ts'
import {
  COSIGNATURE_V1,
  cosign,
  cosignatureTime,
  cosignatureVerifier,
  formatNote,
  formatVerifierKey,
  NoteError,
  noteVerifier,
  parseNote,
  parseSignatures,
  parseVerifierKey,
  signBytes,
  signNote,
  verifierKey,
  verifyNote,
} from '../../src/log/note.ts'
import { newKey } from './story.ts'

/** The known answer of Go's golang.org/x/mod/sumdb/note. */
const neumann = {
  vkey: 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
  seed: 'AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz',
  note:
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n" +
    '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n',
}

/** The test vector of C2SP signed-note. */
const foo = {
  vkey: 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k',
  note:
    'This is an example message.\n\n' +
    '— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n',
}

/** A checkpoint of a public log, with signatures of five kinds and keys. */
const arche = `arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

— arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=
— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
— transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==
— witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==
— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
— witness.stagemole.eu Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFucgKi7lI7cUiOvKFYe/TmN9DAg==
`
const archeKey = 'arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f'
const remoraKey = 'remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2'

describe('notes of others', () => {
  test.each([neumann, foo])('$vkey is read and verified', async ({ vkey, note }) => {
    const key = parseVerifierKey(vkey)
    expect(formatVerifierKey(key)).toBe(vkey)
    expect(formatNote(parseNote(note))).toBe(note)
    expect(await verifyNote(parseNote(note), [noteVerifier(key)])).toEqual(new Set([key]))
    const altered = note.replace('is', 'is not')
    await expect(verifyNote(parseNote(altered), [noteVerifier(key)])).rejects.toThrow(NoteError)
  })

  test('the known seed signs to the known bytes', async () => {
    const pkcs8 = Buffer.concat([
      Buffer.from('302e020100300506032b657004220420', 'hex'),
      Buffer.from(neumann.seed, 'base64').subarray(1),
    ])
    const key = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign'])
    const { text } = parseNote(neumann.note)
    const signed = { text, signatures: [await signNote(text, parseVerifierKey(neumann.vkey), key)] }
    expect(formatNote(signed)).toBe(neumann.note)
  })

  test('a public log’s checkpoint and its witness', async () => {
    const note = parseNote(arche)
    const [log, witness] = [parseVerifierKey(archeKey), parseVerifierKey(remoraKey)]
    expect(formatNote(note)).toBe(arche)
    expect(parseCheckpoint(note.text)).toMatchObject({ origin: log.name, size: 1432088532, extensions: [] })
    expect(await verifyNote(note, [noteVerifier(log), cosignatureVerifier(witness)])).toEqual(new Set([log, witness]))
    expect(cosignatureTime(note.signatures[4]!.bytes)).toBe(0x6a122120)

    const bigger = { ...note, text: note.text.replace('1432088532', '42') }
    await expect(verifyNote(bigger, [cosignatureVerifier(witness)])).rejects.toThrow(NoteError)
    expect(await verifyNote(bigger, [])).toEqual(new Set())
  })

  test('the text may have empty lines; the last one parts it from the signatures', () => {
    const { text, signatures } = parseNote(
      'Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n' +
        '— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n',
    )
    expect(text.endsWith('sole:\n\ned è subito sera.\n')).toBe(true)
    expect(signatures).toHaveLength(1)
  })
})

describe('our own notes', () => {
  const text = '透诉\n'

  test('are signed by a key or by whatever holds one', async () => {
    const { privateKey, publicKey } = await newKey()
    const key = verifierKey('tousu.example/0', publicKey)
    const signer = (message: Uint8Array<ArrayBuffer>) => signBytes(message, privateKey)
    const signatures = [await signNote(text, key, privateKey), await signNote(text, key, signer)]
    expect(signatures[0]).toEqual(signatures[1])
    expect(await verifyNote(parseNote(formatNote({ text, signatures })), [noteVerifier(key)])).toEqual(new Set([key]))
  })

  test('ignore who is unknown, even under the same name or the same id', async () => {
    const [mine, other] = [await newKey(), await newKey()]
    const key = verifierKey('tousu.example/0', mine.publicKey)
    const impostor = verifierKey('tousu.example/0', other.publicKey)
    const byImpostor = await signNote(text, impostor, other.privateKey)
    const renamed = { ...(await signNote(text, key, mine.privateKey)), name: 'other.example' }
    expect(await verifyNote({ text, signatures: [byImpostor, renamed] }, [noteVerifier(key)])).toEqual(new Set())
    const forged = { ...byImpostor, id: key.id }
    await expect(verifyNote({ text, signatures: [forged] }, [noteVerifier(key)])).rejects.toThrow(NoteError)
  })

  test('a witness cosigns with its time', async () => {
    const { privateKey, publicKey } = await newKey()
    const key = verifierKey('witness.example/w1', publicKey, COSIGNATURE_V1)
    const signature = await cosign(text, key, privateKey, 1_679_315_147)
    expect(cosignatureTime(signature.bytes)).toBe(1_679_315_147)
    expect(await verifyNote({ text, signatures: [signature] }, [cosignatureVerifier(key)])).toEqual(new Set([key]))

    const later = { ...signature, bytes: signature.bytes.map((byte, i) => (i === 7 ? byte + 1 : byte)) }
    await expect(verifyNote({ text, signatures: [later] }, [cosignatureVerifier(key)])).rejects.toThrow(NoteError)
    const cut = { ...signature, bytes: signature.bytes.slice(1) }
    await expect(verifyNote({ text, signatures: [cut] }, [cosignatureVerifier(key)])).rejects.toThrow(NoteError)
    expect(() => noteVerifier(key)).toThrow(NoteError)
  })
})

test('what is no note is refused', () => {
  const line = '— a AAAAAAA=\n'
  expect(parseNote(`x\n\n${line}`).signatures).toHaveLength(1)
  const wrong = ['', 'x\n', `x\n${line}`, 'x\n\n', 'x\n\n\n', `x\n\n${line.trim()}`, `x\n\n${line}\n`, `\n${line}`]
  const lines = [
    '- a AAAAAAA=',
    '—  AAAAAAA=',
    '— a',
    '— a AAAA',
    '— a AAAAAAB=',
    '— a+b AAAAAAA=',
    '— a\u00a0b AAAAAAA=',
    '— a AAAAAAA= ',
  ]
  const texts = ['a\tb', 'a\r', '\u0000', '\ud800']
  const notes = [...wrong, ...lines.map(bad => `x\n\n${bad}\n`), ...texts.map(bad => `${bad}\n\n${line}`)]
  for (const note of notes) expect(() => parseNote(note), JSON.stringify(note)).toThrow(NoteError)
  expect(parseNote(`x\n\n${line.repeat(16)}`).signatures).toHaveLength(16)
  expect(() => parseNote(`x\n\n${line.repeat(101)}`)).toThrow(NoteError)
  expect(parseSignatures(line)).toHaveLength(1)
})

test('what is no verifier key is refused', () => {
  const wrong = [
    '',
    'a',
    'PeterNeumann+c74f20a3',
    neumann.vkey.replace('c74f', 'C74F'),
    neumann.vkey.replace('c74f', 'c74e'),
  ]
  const others = [
    neumann.vkey.replace('+ARpc', '+AxpC'),
    neumann.vkey.slice(0, -4),
    neumann.vkey.replace('Peter', 'Peter '),
  ]
  for (const text of [...wrong, ...others]) expect(() => parseVerifierKey(text), text).toThrow(NoteError)
})

describe('a checkpoint', () => {
  const root = new Uint8Array(32).fill(7)
  const text = 'tousu.example/0\n12\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n'

  test('is three lines', () => {
    expect(formatCheckpoint({ origin: 'tousu.example/0', size: 12, root })).toBe(text)
    expect(parseCheckpoint(text)).toEqual({ origin: 'tousu.example/0', size: 12, root, extensions: [] })
    expect(parseCheckpoint(`${text}x 1\ny\n`).extensions).toEqual(['x 1', 'y'])
    expect(parseCheckpoint(text.replace('12', '0')).size).toBe(0)
  })

  test('or it is none', () => {
    const sizes = ['012', '-1', '+1', '1e3', '9007199254740992', '18446744073709551615', '', ' 12', '１２']
    const bad = [
      text.trim(),
      `${text}\n`,
      `\n${text}`,
      text.replace('Bwc=', 'Bwd='),
      text.replace('BwcHBwcH', 'Bwc='),
      'a\n1\n',
    ]
    for (const each of [...sizes.map(size => text.replace('12', size)), ...bad]) {
      expect(() => parseCheckpoint(each), JSON.stringify(each)).toThrow(CheckpointError)
    }
    for (const change of [
      { origin: '' },
      { origin: 'a\nb' },
      { size: -1 },
      { size: 0.5 },
      { root: new Uint8Array(31) },
    ]) {
      expect(() => formatCheckpoint({ origin: 'a', size: 1, root, ...change })).toThrow(CheckpointError)
    }
  })
})
