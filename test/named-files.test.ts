// Files that documents and comments name are there: moves leave stale names behind, and a newcomer follows them.

import { globSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { expect, test } from 'vitest'

const files = globSync('{.ci,.github,bench,bin,db,docs,examples,public,src,test}/**/*.*').map(path =>
  path.replaceAll('\\', '/'),
)
const rooted = [...files, ...globSync('*.{md,ts,json,toml}')]
/** By its path, or by the end of one. */
const isThere = (name: string) => rooted.some(path => path === name || path.endsWith(`/${name}`))
/** Of these types all belong to the repository; a `receipt.json` does not. */
const NAMED = /(?<![\w/.*{}-])[\w-][\w./-]*\.(?:ts|sql|py|css)(?![\w.*])/g

/** In an example. */
const INVENTED = ['agree.py', 'merchant-x.ts']

const named = (text: string) => [...text.matchAll(NAMED)].map(([name]) => name.replace(/^\.\//, ''))
const missing = (path: string, text: string) =>
  [...new Set(named(text))].filter(name => !isThere(name) && !INVENTED.includes(name)).map(name => `${path}: ${name}`)

const documents = [...globSync('*.md'), ...globSync('docs/**/*.md')].filter(path => path !== 'CHANGELOG.md')

test('documents name no file that is gone', () => {
  const code = (text: string) => [...text.matchAll(/`([^`\n]+)`/g)].map(([, each]) => each).join('\n')
  expect(documents.flatMap(path => missing(path, code(readFileSync(path, 'utf8'))))).toEqual([])
})

test('links between documents lead somewhere', () => {
  const broken = documents.flatMap(path =>
    [...readFileSync(path, 'utf8').matchAll(/\]\(([^)#\s:]+)(?:#[^)]*)?\)/g)]
      .map(([, to = '']) => posix.join(posix.dirname(path), to))
      .filter(to => !rooted.includes(to) && !files.some(file => file.startsWith(`${to.replace(/\/$/, '')}/`)))
      .map(to => `${path}: ${to}`),
  )
  expect(broken).toEqual([])
})

test('comments name no file that is gone', () => {
  const comments = (text: string) =>
    text
      .split('\n')
      .filter(line => /^\s*(?:\/\/|\/?\*)/.test(line))
      .join('\n')
  const code = files.filter(path => /^(bench|db|src|test)\/.*\.ts$/.test(path) && path !== 'test/named-files.test.ts')
  expect(code.flatMap(path => missing(path, comments(readFileSync(path, 'utf8'))))).toEqual([])
})
