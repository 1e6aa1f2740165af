import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { SETTINGS } from '../../src/config/schema.ts'

// The files of docs/deploy, which operators copy.

const FOLDER = new URL('../../docs/deploy/', import.meta.url)
const textOf = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8')
const linesOf = (name: string) => textOf(name).split('\n').slice(1)

/** Of the sample itself: the database of compose.yaml. */
const OWN = ['TOUSU_PG_PASSWORD']

test.each(readdirSync(FOLDER))('%s names settings that there are', name => {
  const named = [...textOf(name).matchAll(/\b(TOUSU_[A-Z_]+|CLOSED_SHARDS)\b/g)].map(([setting]) => setting)
  expect(named.filter(setting => !Object.hasOwn(SETTINGS, setting) && !OWN.includes(setting))).toEqual([])
})

/** Lines of one that the other lacks. */
const missing = (one: string, other: string): string[] => linesOf(one).filter(line => !linesOf(other).includes(line))

test('nginx for two processes is that for one, but for the processes', () => {
  expect(missing('nginx.conf', 'nginx-two.conf')).toEqual(['  server 127.0.0.1:8787;'])
})

test('the unit of two processes on a machine is that of one, but for ports and folders', () => {
  expect(missing('tousu.service', 'tousu@.service')).toEqual([
    'Description=Tousu',
    'Environment=DATA_DIR=/var/lib/tousu',
    'StateDirectory=tousu',
  ])
})
