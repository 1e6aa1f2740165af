/** Makes `public/verify.js`, which is committed: `npm run build:verify`. A test builds it again and compares. */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
export const SCRIPT = fileURLToPath(new URL('../../public/verify.js', import.meta.url))

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

if (import.meta.main) writeFileSync(SCRIPT, await bundle())
