import { spawn } from 'node:child_process'
import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { makeSecrets } from '../ledger/log/secrets.ts'

/** `npm run dev:edge`: the demo on workerd, with secrets of its own and links that lead to its port. */
const port = process.env.PORT || '8787'
const root = fileURLToPath(new URL('../..', import.meta.url))
const settings = `${root}.dev.vars`

if (!existsSync(settings)) {
  writeFileSync(settings, `TOUSU_SECRETS='${JSON.stringify(await makeSecrets())}'\nBASE_URL=http://localhost:${port}\n`)
  chmodSync(settings, 0o600)
  console.log('wrote .dev.vars with new demo secrets')
}

console.log(`Tousu 透诉 on workerd, demo: http://localhost:${port}/demo`)
// Wrangler needs the Node of this project: the system's may be older.
const wrangler = `${root}node_modules/wrangler/bin/wrangler.js`
const address = `BASE_URL:http://localhost:${port}`
const dev = spawn(
  process.execPath,
  [wrangler, 'dev', '--env', '', '--port', port, '--var', address, ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: 'inherit',
  },
)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => dev.kill(signal))
dev.once('exit', code => process.exit(code ?? 0))
