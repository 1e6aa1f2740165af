import { describe, expect, test } from 'vitest'
import { ABOUT } from '../../src/config/about.ts'
import { SETTINGS, type SettingName } from '../../src/config/schema.ts'
import { readNodeSettings, readWorkerSettings, SettingsError } from '../../src/config/settings.ts'
import { makeSecrets } from '../../src/ledger/log/secrets.ts'

const names = Object.keys(SETTINGS) as SettingName[]
const HOSTS = { node: 'Node', worker: 'Cloudflare' }

const LIVE = {
  TOUSU_MODE: 'live',
  BASE_URL: 'https://t.example.cn/',
  TOUSU_ORIGIN: 't.example.cn/log/0',
  TOUSU_SECRETS: JSON.stringify(await makeSecrets()),
}
const faultsOf = async (reading: Promise<unknown>): Promise<string> => {
  const error: unknown = await reading.then(
    () => null,
    error => error,
  )
  expect(error).toBeInstanceOf(SettingsError)
  return error instanceof Error ? error.message : ''
}

test('nothing set: a demo on Node, at port 8787', async () => {
  expect(await readNodeSettings({})).toMatchObject({ demo: true, port: 8787, dataDir: 'data', baseUrl: undefined })
})

test('a forgotten mode beside live settings refuses the demo, and says which', async () => {
  const { TOUSU_MODE: _, ...forgotten } = LIVE
  expect(await faultsOf(readNodeSettings(forgotten))).toContain(
    'TOUSU_MODE is missing: say live or demo, since TOUSU_SECRETS',
  )
  expect(await readNodeSettings({ ...forgotten, TOUSU_MODE: 'demo' })).toMatchObject({ demo: true })
})

test('live mode, the same on both hosts', async () => {
  const live = { demo: false, baseUrl: 'https://t.example.cn', origin: 't.example.cn/log/0', platformKey: undefined }
  expect(await readNodeSettings(LIVE)).toMatchObject({ ...live, port: 8787 })
  expect(await readWorkerSettings(LIVE)).toMatchObject({ ...live, shards: 1 })
})

test('evidence files: a folder, or a bucket with its key', async () => {
  const of = async (env: object) => {
    const settings = await readNodeSettings({ ...LIVE, ...env })
    return 'files' in settings ? settings.files : undefined
  }
  expect(await of({})).toBeUndefined()
  expect(await of({ TOUSU_FILES: 'file:///srv/tousu%20files' })).toEqual({ folder: '/srv/tousu files' })
  const keys = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' }
  expect(await of({ TOUSU_FILES: 's3://tousu?endpoint=https://s3.example.cn/&region=cn-1', ...keys })).toEqual({
    ...{ bucket: 'tousu', endpoint: 'https://s3.example.cn', region: 'cn-1' },
    ...{ accessKeyId: 'id', secretAccessKey: 'secret' },
  })
})

test('a commit log: its processes share their files', async () => {
  const TOUSU_COMMIT_LOG = 'postgres://tousu:pw@pg1,pg2:5433/tousu?target_session_attrs=read-write'
  expect(await faultsOf(readNodeSettings({ ...LIVE, TOUSU_COMMIT_LOG }))).toContain('TOUSU_FILES is missing')
  expect(await readNodeSettings({ ...LIVE, TOUSU_COMMIT_LOG, TOUSU_FILES: 'file:///srv/files' })).toMatchObject({
    commitLog: TOUSU_COMMIT_LOG,
  })
  expect(await faultsOf(readNodeSettings({ ...LIVE, TOUSU_COMMIT_LOG: 'mysql://pg1/tousu' }))).toContain(
    'TOUSU_COMMIT_LOG is not like postgres://user:password@host/database',
  )
})

test('an empty value is an unset one', async () => {
  const empty = Object.fromEntries(names.filter(name => !('refuseEmpty' in SETTINGS[name])).map(name => [name, '']))
  expect(await readNodeSettings({ ...empty, ...LIVE })).toEqual({
    ...(await readNodeSettings(LIVE)),
    secrets: expect.anything(),
  })
})

test.each(['PORT', 'TOUSU_MODE', 'TOUSU_PLATFORM_KEY'])('%s: an empty value is refused', async name => {
  expect(await faultsOf(readNodeSettings({ ...LIVE, [name]: '' }))).toContain(`${name} is `)
})

describe('faults', () => {
  test('all at once, each with the name of its setting', async () => {
    const wrong = { TOUSU_MODE: 'live', PORT: 'http', TOUSU_ISSUER: 'x', TOUSU_OIDC_ISSUER: 'http://id.example.cn' }
    expect((await faultsOf(readNodeSettings({ ...wrong, TOUSU_POLICIES: 'cn-2026-1' }))).split('. ')).toEqual([
      'TOUSU_POLICIES is no setting; the nearest is TOUSU_POLICY',
      'PORT is not a port number',
      'TOUSU_AUDIENCE is missing: live mode needs it',
      'TOUSU_JWKS_URI is missing: live mode needs it',
      'TOUSU_OIDC_ISSUER is not like https://id.example.cn',
      'TOUSU_OIDC_CLIENT_ID is missing',
      'BASE_URL is missing: live mode needs it',
      'TOUSU_SECRETS is missing: live mode needs it',
      'TOUSU_ORIGIN is missing: live mode needs it',
    ])
  })

  test.each(['https://t.example.cn/log', 'T.example.cn/log', 'x/0', 't.example.cn/log/'])(
    'TOUSU_ORIGIN=%s is refused on both hosts',
    async TOUSU_ORIGIN => {
      for (const read of [readNodeSettings, readWorkerSettings]) {
        expect(await faultsOf(read({ ...LIVE, TOUSU_ORIGIN }))).toBe('TOUSU_ORIGIN is not like t.example.cn/log')
      }
    },
  )

  test('an audience that is the client of the same issuer is refused: its ID tokens would be API tokens', async () => {
    const api = {
      TOUSU_ISSUER: 'https://id.example.cn',
      TOUSU_AUDIENCE: 'tousu',
      TOUSU_JWKS_URI: 'https://id.example.cn/jwks',
    }
    const people = { TOUSU_OIDC_ISSUER: 'https://id.example.cn/', TOUSU_OIDC_CLIENT_ID: 'tousu' }
    for (const read of [readNodeSettings, readWorkerSettings]) {
      const fault = 'TOUSU_AUDIENCE is TOUSU_OIDC_CLIENT_ID: an ID token would be an API token'
      expect(await faultsOf(read({ ...LIVE, ...api, ...people }))).toBe(fault)
      await read({ ...LIVE, ...api, ...people, TOUSU_AUDIENCE: 'tousu-api' })
      await read({ ...LIVE, ...api, ...people, TOUSU_OIDC_ISSUER: 'https://people.example.cn' })
    }
  })

  test.each(['-1', '65536', 'http', '80 80', '1e3'])('PORT=%s is refused', async PORT => {
    expect(await faultsOf(readNodeSettings({ PORT }))).toBe('PORT is not a port number')
  })

  test.each(['t.cn', 'https://t.cn/tousu', 'https://t.cn?x'])(
    'BASE_URL=%s is refused, in the demo too',
    async BASE_URL => {
      expect(await faultsOf(readNodeSettings({ BASE_URL }))).toBe('BASE_URL is not like https://t.example.cn')
    },
  )

  test.each(['x', '{}'])('TOUSU_SECRETS=%s is refused on both hosts', async TOUSU_SECRETS => {
    for (const read of [readNodeSettings, readWorkerSettings])
      expect(await faultsOf(read({ ...LIVE, TOUSU_SECRETS }))).toContain('TOUSU_SECRETS')
  })

  test('a policy of no such name is refused on both hosts', async () => {
    for (const read of [readNodeSettings, readWorkerSettings])
      expect(await faultsOf(read({ ...LIVE, TOUSU_POLICY: 'cn-1999-1' }))).toContain(
        'TOUSU_POLICY: no policy of this name',
      )
  })

  test('an unknown mode is one fault', async () => {
    expect(await faultsOf(readNodeSettings({ TOUSU_MODE: 'test' }))).toBe('TOUSU_MODE is neither demo nor live')
  })

  test.each([
    ['TOUSU_SECRET', 'TOUSU_SECRETS'],
    ['TOUSU_MDOE', 'TOUSU_MODE'],
    ['TOUSU_OIDC_CLIENTID', 'TOUSU_OIDC_CLIENT_ID'],
    ['TOUSU_BASE_URL', 'BASE_URL'],
  ])('%s is misspelt: the nearest is %s', async (name, nearest) => {
    const said = `${name} is no setting; the nearest is ${nearest}`
    for (const read of [readNodeSettings, readWorkerSettings]) {
      expect(await faultsOf(read({ ...LIVE, [name]: 'x' }))).toBe(said)
    }
  })

  test.each([
    ['s3://tousu', 'TOUSU_FILES is not like s3://bucket?endpoint=https://s3.example.cn'],
    ['s3://tousu?endpoint=http://s3.example.cn', 'TOUSU_FILES is not like s3://bucket?endpoint=https://s3.example.cn'],
    ['/srv/files', 'TOUSU_FILES is not like file:///srv/files or s3://bucket?endpoint=https://s3.example.cn'],
    ['s3://tousu?endpoint=https://s3.example.cn&zone=1', 'TOUSU_FILES is not like file:///srv/files or'],
    ['s3://tousu?endpoint=https://s3.example.cn', 'AWS_ACCESS_KEY_ID'],
  ])('TOUSU_FILES=%s is refused', async (TOUSU_FILES, said) => {
    expect(await faultsOf(readNodeSettings({ ...LIVE, TOUSU_FILES }))).toContain(said)
  })

  test('no value of a secret is shown', async () => {
    const SECRET = 'hunter2hunter2'
    const secrets = names.filter(name => 'secret' in SETTINGS[name])
    expect(secrets).toEqual([
      'TOUSU_COMMIT_LOG',
      'AWS_SECRET_ACCESS_KEY',
      ...['TOUSU_SECRETS', 'TOUSU_PLATFORM_KEY', 'TOUSU_METRICS_TOKEN', 'TOUSU_OPERATOR_TOKEN', 'TOUSU_SMS'],
      'TOUSU_OIDC_CLIENT_SECRET',
    ])
    const env = { ...LIVE, PORT: 'x', SHARDS: 'x', ...Object.fromEntries(secrets.map(name => [name, SECRET])) }
    for (const read of [readNodeSettings, readWorkerSettings]) {
      expect(await faultsOf(read(env))).not.toContain(SECRET)
      expect(await faultsOf(read({ ...env, TOUSU_SECRETS: `{"v":1,"tags":"${SECRET}"}` }))).not.toContain(SECRET)
    }
  })
})

/** What the table says of a setting that is not given. */
const defaultOf = (name: SettingName): string => {
  const each = SETTINGS[name]
  if (each.default === undefined) return ''
  if (typeof each.default === 'string') return `\`${each.default}\``
  return `\`${each.default.node}\` on Node, \`${each.default.worker}\` on Cloudflare`
}

const table = () => {
  const rows = names.map(name => {
    const { only, secret } = SETTINGS[name]
    const host = only ? HOSTS[only] : 'both'
    return `| \`${name}\` | ${host} | ${defaultOf(name)} | ${secret ? '**Secret.** ' : ''}${ABOUT[name]} |`
  })
  return `# Settings

Environment variables; on Cloudflare the variables of \`wrangler.toml\` and, where the table says secret, \`wrangler secret put\`.
All faults are named at the start, and nothing is served before they are mended: a process on Node ends, a Worker answers 503.
A name that begins with \`TOUSU_\` and is not in this table is a fault too.

Written by \`test/config/settings.test.ts\` from \`src/config/schema.ts\`; \`npm run settings:docs\` writes it anew.

| setting | host | unless set | meaning |
|---|---|---|---|
${rows.join('\n')}
`
}

const plain = (markdown: string) => markdown.replace(/ \(\[[^)]*\)\)/g, '').replaceAll('`', '')

/** Lines of at most 118 characters. */
const comment = (text: string) => text.replace(/(.{1,116})( |$)/g, '# $1\n').trimEnd()

const envExample = () => {
  const lines = names
    .filter(name => SETTINGS[name].only !== 'worker')
    .map(name => {
      const { default: unset, example, secret } = SETTINGS[name]
      const value = example ?? (typeof unset === 'string' ? unset : '')
      return `${comment(`${secret ? 'Secret. ' : ''}${plain(ABOUT[name])}`)}\n# ${name}=${value}\n`
    })
  return `# Settings on Node, as docs/settings.md has them. Copy to .env, which git ignores, take away the # of what you need, then
# node --env-file=.env src/hosts/node/main.ts. Docker's --env-file reads the same lines.

${lines.join('\n')}`
}

test('docs/settings.md has every setting', async () => {
  await expect(table()).toMatchFileSnapshot('../../docs/settings.md')
})

test('.env.example has every setting of Node', async () => {
  await expect(envExample()).toMatchFileSnapshot('../../.env.example')
})
