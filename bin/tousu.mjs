#!/usr/bin/env node
// `tousu` as npm installs it. In a clone the sources run (Node strips their types); a package from `npm pack` has the bundle
// instead, since Node strips no types inside node_modules.
import { existsSync } from 'node:fs'

const source = new URL('../src/cli/tousu.ts', import.meta.url)
const { start } = await import(existsSync(source) ? source.href : new URL('../dist/tousu.mjs', import.meta.url).href)
await start()
