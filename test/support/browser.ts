import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { inflate } from '@sparticuz/chromium'
import { type Browser, chromium } from 'playwright-core'

/** The cheap phone that the tracking page is made for, in CSS pixels. */
export const phone = { width: 360, height: 740 }

// No sandbox, because CI runs as root; nothing that calls home, because the network may be closed.
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
]

/** A headless Chromium: the system's where there is one, else the one inside a package. `TEST_BROWSER=bundled` forces the latter. */
export async function launchBrowser(): Promise<Browser> {
  const system = process.env.TEST_BROWSER === 'bundled' ? undefined : systemChromium()
  return system ? chromium.launch({ args, executablePath: system }) : launchBundled()
}

function systemChromium(): string | undefined {
  const names = ['chromium', 'chromium-browser', 'google-chrome']
  const folders = ['/usr/bin', ...(process.env.PATH ?? '').split(delimiter)]
  return names.flatMap(name => folders.map(folder => join(folder, name))).find(path => existsSync(path))
}

// The bundled libraries (NSS, NSPR, expat) win over the system's, so that machines with and without them run the same.
async function launchBundled(): Promise<Browser> {
  const home = await unpacked()
  const libraries = [join(home, 'al2023', 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(delimiter)
  const env = { ...process.env, LD_LIBRARY_PATH: libraries, FONTCONFIG_FILE: join(home, 'fonts', 'fonts.conf') }
  return chromium.launch({ args, executablePath: join(home, 'chromium'), env })
}

// The package's own looks in fixed folders. Without any font a page has no text, and every box of it no size.
const fontsConf = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>/usr/share/fonts</dir>
  <dir prefix="relative">fonts</dir>
</fontconfig>
`

/** The folder with the unpacked browser. It appears whole or not at all: of two processes that unpack at once, the first to rename wins. */
async function unpacked(): Promise<string> {
  const home = join(tmpdir(), `tousu-chromium-${await packageVersion()}`)
  if (existsSync(home)) return home
  const staging = await mkdtemp(`${home}-`)
  try {
    await unpackInto(staging)
    await writeFile(join(staging, 'fonts', 'fonts.conf'), fontsConf)
    await rename(staging, home)
  } catch (error) {
    await rm(staging, { recursive: true, force: true })
    if (!existsSync(home)) throw error
  }
  return home
}

const packageFolder = join(createRequire(import.meta.url).resolve('@sparticuz/chromium'), '..', '..')

async function packageVersion(): Promise<string> {
  return JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')).version
}

// The package unpacks under whatever os.tmpdir() says when it is called, and asks before its first await.
function unpackInto(folder: string): Promise<string[]> {
  const before = process.env.TMPDIR
  process.env.TMPDIR = folder
  try {
    const archives = ['chromium.br', 'al2023.tar.br', 'fonts.tar.br']
    return Promise.all(archives.map(name => inflate(join(packageFolder, 'bin', name))))
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
}
