/**
 * Makes `public/verify.js`, which is committed: `npm run build:verify`. A test builds it again and compares.
 * `npm run build:verify -- --policy TRUST.txt [--out verify.html] [--lang zh-CN]` makes one HTML file instead, with that policy
 * pinned in it, for an association to publish with its hash.
 */

import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { LOCALES, type Locale } from '../complaint/words.ts'
import { MESSAGES } from '../i18n/languages.ts'
import { parsePolicy } from '../log/trust.ts'
import { languages } from '../views/context.ts'
import { verifyPage } from '../views/log/verify.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
export const SCRIPT = fileURLToPath(new URL('../../public/verify.js', import.meta.url))

/** Where a log or a mirror may be read. */
const LOGS = 'https: http://localhost:* http://127.0.0.1:*'

const BANNER =
  '/*! Tousu, made from src/verify-page. Contains jose (MIT, Filip Skokan) and noble-hashes (MIT, Paul Miller). */'

/** The same bytes on every machine with the same esbuild. */
export const bundle = async (): Promise<string> => {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['src/verify-page/main.ts'],
    bundle: true,
    minify: true,
    format: 'esm',
    charset: 'utf8',
    target: ['chrome100', 'safari15'],
    legalComments: 'none',
    banner: { js: BANNER },
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}

/** Of the page, in this order. */
const STYLES = ['app.css', 'pages.css']

/**
 * One file that asks for no other: style and script are in it. Its CSP lets it read a log over https (or from this machine), and
 * run nothing but its own script.
 */
export const standalone = async (policy: string, locale: Locale): Promise<string> => {
  parsePolicy(policy)
  // Neither may end its element early.
  const script = (await bundle()).replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--')
  const [first = '', more = ''] = STYLES.map(name => `<link rel="stylesheet" href="/${name}">`)
  const style = STYLES.map(name => readFileSync(new URL(`../../public/${name}`, import.meta.url), 'utf8'))
    .join('')
    .replaceAll('</style', '')
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
  const allowed = `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; connect-src ${LOGS}`
  const page = String(verifyPage(languages(MESSAGES)(locale), [], policy))
  return page
    .replace(/<link rel="(?:icon|apple-touch-icon|manifest)"[^>]*>\n/g, '')
    .replace(more, '')
    .replace(first, () => `<meta http-equiv="Content-Security-Policy" content="${allowed}">\n<style>${style}</style>`)
    .replace(/<a href="\/">([^<]*)<\/a>/, '$1')
    .replace(/<p><a href="\/privacy">[^<]*<\/a><\/p>\n/, '')
    .replace(/<nav class="langs"[\s\S]*?<\/nav>/, '')
    .replace('<script type="module" src="/verify.js"></script>', () => `<script type="module">${script}</script>`)
}

const main = async (): Promise<void> => {
  const options = { policy: { type: 'string' }, out: { type: 'string' }, lang: { type: 'string' } } as const
  const { policy, out = 'verify.html', lang } = parseArgs({ options }).values
  if (policy === undefined) return writeFileSync(SCRIPT, await bundle())
  const file = await standalone(readFileSync(policy, 'utf8'), LOCALES.find(each => each === lang) ?? 'zh-CN')
  writeFileSync(out, file)
  console.log(`${createHash('sha256').update(file).digest('hex')}  ${out}`)
}

if (import.meta.main) await main()
