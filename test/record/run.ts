// Recorder: hashes everything that an outsider can see, so that a change of structure can prove that it changed nothing.
// `npm run record -- FOLDER`, before and after; then `diff -r`. Stories, random lives, consoles, errors, receipts, the log.
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { reseed } from './chance.ts'

const { openServer, KEYS } = await import('./server.ts')
const { live } = await import('./lives.ts')
const { Tape } = await import('./tape.ts')

const START = Date.parse('2026-03-02T02:00:00Z')
const SERVERS = 12
const LIVES = 28
const LANGUAGES = ['zh-CN', 'zh-TW', 'en']
const out = process.argv[2]
if (out === undefined) throw new RangeError('usage: npm run record -- FOLDER')
mkdirSync(out, { recursive: true })

const record: string[] = []
const write = (name: string, lines: readonly string[]): void => {
  const text = `${lines.join('\n')}\n`
  writeFileSync(join(out, `${name}.txt`), text)
  record.push(`${createHash('sha256').update(text).digest('hex')}  ${name}`)
}

type Server = Awaited<ReturnType<typeof openServer>>
type Recorded = InstanceType<typeof Tape>

/** Everything of the public log that is served: checkpoint, keys, policy, tiles and entry bundles. */
const log = async (server: Server, tape: Recorded) => {
  await tape.settled()
  const { text } = await tape.get('/log/0/checkpoint')
  await tape.get('/log/0/policy')
  await tape.get('/.well-known/jwks.json')
  const size = Number(text.split('\n')[1])
  const number = (n: number): string => String(n).padStart(3, '0')
  for (const kind of ['0', 'entries'])
    for (let n = 0; n * 256 < size; n++) {
      const width = Math.min(256, size - n * 256)
      await tape.get(`/log/0/tile/${kind}/${number(n)}${width < 256 ? `.p/${width}` : ''}`)
    }
  tape.lines.push('# SMS', ...server.sms(), '# webhooks', ...server.posted)
}

const consoles = async (tape: Recorded) => {
  for (const [role, cookie] of await tape.sessions()) {
    const pages =
      role === 'merchant'
        ? [
            '/merchant',
            '/merchant?turn=all',
            '/merchant?turn=closed',
            '/merchant/figures',
            '/merchant/settings',
            '/merchant/webhooks',
            '/merchant/complaints/0000000000',
            '/desk',
          ]
        : [
            '/desk',
            '/desk?view=all',
            '/desk?view=mine',
            '/desk/alerts',
            '/desk/messages',
            '/desk/supervisor',
            '/desk/batch',
            '/desk/complaints/0000000000',
            '/merchant',
          ]
    for (const page of pages)
      for (const language of LANGUAGES)
        await tape.get(page, { Accept: 'text/html', Cookie: cookie, 'Accept-Language': language })
  }
  for (const who of ['merchant', 'other', 'platform', 'supervisor'] as const)
    for (const query of ['', '?state=closed_confirmed', '?overdue=true', '?state=nonsense', '?cursor=nonsense'])
      await tape.get(`/api/v1/complaints${query}`, { Authorization: `Bearer ${KEYS[who]}`, Accept: 'application/json' })
}

for (let n = 0; n < SERVERS; n++) {
  reseed(100 + n)
  const server = await openServer(START + n * 3 * 86_400_000)
  const first = new Tape(server)
  const sessions = await first.sessions()
  if (n % 3 === 0)
    await first.post(
      '/api/v1/webhooks',
      { url: 'https://erp.example.com/hook' },
      { Authorization: `Bearer ${KEYS.merchant}` },
    )
  write(`server-${n}-begin`, first.lines)
  for (let i = 0; i < LIVES; i++) {
    const tape = new Tape(server, sessions)
    await live(server, tape, n * LIVES + i)
    write(`life-${String(n * LIVES + i).padStart(3, '0')}`, tape.lines)
  }
  const last = new Tape(server)
  await consoles(last)
  await log(server, last)
  write(`server-${n}-end`, last.lines)
  await server.close()
}

reseed(1)
const demo = await openServer(START + 40 * 86_400_000, true)
for (const { name, id, trackingUrl, shareUrl } of demo.stories) {
  const tape = new Tape(demo)
  for (const url of [trackingUrl, shareUrl]) {
    const { pathname } = new URL(url)
    for (const language of LANGUAGES) await tape.get(pathname, { Accept: 'text/html', 'Accept-Language': language })
    await tape.get(pathname, { Accept: 'application/json' })
    await tape.settled()
    await tape.get(`${pathname}/receipt.json`)
  }
  for (const who of ['merchant', 'platform'] as const)
    await tape.get(`/api/v1/complaints/${id}`, { Authorization: `Bearer ${KEYS[who]}` })
  for (const [role, cookie] of await tape.sessions())
    for (const language of LANGUAGES)
      await tape.get(`/${role === 'merchant' ? 'merchant' : 'desk'}/complaints/${id}`, {
        Accept: 'text/html',
        Cookie: cookie,
        'Accept-Language': language,
      })
  write(`story-${name}`, tape.lines)
}
const pages = new Tape(demo)
for (const path of [
  '/',
  '/demo',
  '/demo/phone',
  '/demo/shop',
  '/verify',
  '/signin',
  '/signin?to=/desk',
  '/new',
  '/new?ticket=nonsense',
  '/pickup',
  '/nowhere',
  '/t/nonsense',
  '/api/v1/nowhere',
  '/rules/nonsense',
  '/gallery',
  '/app.css',
  '/track.js',
  '/verify.js',
])
  for (const language of LANGUAGES) await pages.get(path, { Accept: 'text/html', 'Accept-Language': language })
for (const path of [
  '/healthz',
  '/readyz',
  '/api/v1/openapi.json',
  '/api/v1/complaints',
  '/log/0/tile/0/999',
  '/log/9/checkpoint',
  '/hooks/sms/none',
])
  await pages.get(path, { Accept: 'application/json' })
for (const [path, fields] of [
  ['/pickup', { code: '00000000', last4: '0000' }],
  ['/pickup', { code: '', last4: 'x' }],
  ['/pickup/resend', { orderId: 'none', phone: '13800000000' }],
  ['/pickup/resend', { orderId: '', phone: '1' }],
  ['/new', {}],
  ['/signout', {}],
  ['/merchant/settings/contact', { phone: '13800000000' }],
  ['/desk/alerts', { id: '1' }],
  ['/demo/shop', { orderId: 'none' }],
] as const)
  for (const language of LANGUAGES) await pages.form(path, fields, { 'Accept-Language': language })
await pages.send('/', { method: 'DELETE' })
await pages.send('/pickup', { method: 'POST', headers: { 'Content-Type': 'text/csv' }, body: 'a' })
await consoles(pages)
await log(demo, pages)
write('pages', pages.lines)
for (const language of LANGUAGES) {
  const tape = new Tape(demo)
  for (const name of demo.specimens)
    await tape.get(`/gallery/${name}`, { Accept: 'text/html', 'Accept-Language': language })
  write(`gallery-${language}`, tape.lines)
}
await demo.close()

const whole = createHash('sha256').update(record.join('\n')).digest('hex')
writeFileSync(join(out, 'record.txt'), `${record.join('\n')}\n${whole}  all\n`)
console.log(`${record.length} groups, ${whole}`)
