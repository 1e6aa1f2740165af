// What each setting means, in Markdown: for docs/settings.md and .env.example. Apart from the schema, so that no isolate of a
// Worker loads prose.

import type { SettingName } from './schema.ts'

export const ABOUT: Readonly<Record<SettingName, string>> = {
  PORT: 'The port, on all addresses; 0 for any that is free.',
  DATA_DIR: 'The folder of the ledger, the evidence files and the last published checkpoint.',
  TOUSU_COMMIT_LOG:
    'PostgreSQL that keeps every commit on a second machine before it is answered, and lets several processes serve one house ([two-boxes.md](two-boxes.md)); unset, the disk of `DATA_DIR` alone has it. Several hosts as in libpq. Live mode alone.',
  TOUSU_PEER_URL:
    'Where the other processes of a house with `TOUSU_COMMIT_LOG` reach this one, within your network: they pass acts on to the one that leads. Calls are encrypted under a key of the secrets file.',
  TOUSU_FILES:
    'Where evidence files lie: a folder, or a bucket of a service that speaks S3; `files` in `DATA_DIR` unless set. Several machines need one that all reach. Live mode alone.',
  AWS_ACCESS_KEY_ID: 'The access key of the bucket in `TOUSU_FILES`, with leave to list, read, write and delete.',
  AWS_SECRET_ACCESS_KEY: 'The secret of that key.',
  TOUSU_TRUSTED_PROXIES:
    'The addresses and networks of the reverse proxies, whose `X-Forwarded-For` names the client for the rate limits; any other sender is the client itself.',
  SHARDS:
    'The number of ledgers, each with a log of its own, 1 to 256: on Cloudflare a Durable Object each, on Node a folder under `DATA_DIR`. Never lower it ([deploy.md](deploy.md)).',
  CLOSED_SHARDS:
    'Numbers of the shards that take no new complaints: those go to the others, and all else in these goes on ([deploy.md](deploy.md)). Live on Node, and on Cloudflare.',
  TOUSU_LOCATION_HINT:
    'Near where the Durable Objects are made: `apac`, `wnam`, `enam`, `sam`, `weur`, `eeur`, `oc`, `afr` or `me`. Without it a shard is made near its first caller.',
  TOUSU_JURISDICTION:
    'Where the Durable Objects may live, by law: `eu` or `fedramp`. It is part of their identity: with another value the server finds none of what it has, so it is set before the first start and never changed.',
  BASE_URL:
    'Where buyers reach this server, scheme and host alone; at most 18 characters if every SMS is to be one segment. Live mode needs it, and so does a demo on Cloudflare.',
  TOUSU_MODE:
    '`demo` or `live`. A demo has six stories, a clock that can be moved, `/demo` and sign-in without a password; on Node it makes its own secrets. On Node a start without it is refused beside settings of live mode.',
  TOUSU_SECRETS:
    'The JSON that `tousu keys secrets` writes: the link keys, the tag key and both signing keys; in place of a signing key there may be a list, the newest first. Live mode needs it, and so does a demo on Cloudflare.',
  TOUSU_ORIGIN:
    'The name of a new log, such as `t.example.cn/log/0`, on Cloudflare without the number of the shard. An old log keeps its own. Live mode needs it.',
  TOUSU_PLATFORM_KEY:
    "An API key for the platform's own systems, 24 characters or more; a demo on Node has its own. On Cloudflare a new one ends the old.",
  TOUSU_METRICS_TOKEN:
    'The bearer token of `/metrics`, 24 characters or more ([operations.md](operations.md#metrics)). Without it live mode answers on Node to this machine alone, and on Cloudflare to no caller.',
  TOUSU_OPERATOR_TOKEN:
    'The bearer token of `/operator`, 24 characters or more: by it the operator takes a shard back to an instant, puts lost leaves back or declares them lost ([deploy.md](deploy.md#shard-recovery)). Unset, there is no such address; set it for that hour.',
  TOUSU_SMS:
    'The SMS vendors of live mode as JSON, or on Node the name of a file with it; at most 5 KB on Cloudflare ([sms.md](sms.md)). Without it no message goes out, and no silence ever lapses.',
  TOUSU_SMS_LANES:
    'How many SMS are handed to the vendors at a time, 1 to 512. A vendor that answers in 200 ms gets five times as many a second. Cloudflare opens six connections at a time, and further ones wait.',
  TOUSU_POLICY:
    'The deadline policy in force for new complaints: the name of a shipped one, its JSON (at most 5 KB on Cloudflare), or on Node the name of a file with it ([states.md](states.md)).',
  TOUSU_BRAND:
    'The name of the operator on every page, as JSON (at most 5 KB on Cloudflare), or on Node the name of a file with it. `names` by language (`zh-CN`; `zh-TW`, `en`); and if wanted `logo` (an SVG without script or references, 16 KB), `hue` (`#rrggbb`; one without contrast is refused with the nearest that has it), `hotline`, `company`, `icp`, `privacy` (an address in place of `/privacy`), and `links`, each with `text` by language and `url`. Without it the pages say 透诉.',
  TOUSU_WITNESSES:
    'The witnesses to ask and their quorum: a C2SP tlog-policy without `log` lines, or on Node the name of a file with it. Without it no witness is asked; with it the log takes no writes until a quorum has accepted its last checkpoint.',
  TOUSU_TSA:
    'A time-stamping authority (RFC 3161 over HTTP) that is asked for a token over the served checkpoint every hour ([operations.md](operations.md#time-stamps)); nothing waits for it. Live mode alone.',
  TOUSU_CLOCK_OK:
    'Confirms the clock for a day: a date. A start more than 30 days after the newest leaf writes nothing for ten minutes (`clock_ahead`), since a clock that is wrong does lasting harm; with the date of today it writes at once.',
  TOUSU_ISSUER:
    'The identity provider whose access tokens the API takes, with the claims `role` and `merchant_id`; then the next two are needed.',
  TOUSU_AUDIENCE: 'The audience of these access tokens.',
  TOUSU_JWKS_URI: 'The key set (RFC 7517) that signs these access tokens.',
  TOUSU_OIDC_ISSUER:
    'The identity provider by which people sign in, with OpenID Connect ([operations.md](operations.md#sign-in)); without it the consoles stay closed.',
  TOUSU_OIDC_CLIENT_ID: 'The id of our client there.',
  TOUSU_OIDC_CLIENT_SECRET: 'The secret of our client. Without one it is a public client, which PKCE alone protects.',
  TOUSU_OIDC_SCOPE: 'The scope to ask for.',
  TOUSU_OIDC_ROLE_CLAIM: "The claim with a person's role.",
  TOUSU_OIDC_MERCHANT_CLAIM: "The claim with the merchant's id.",
  TOUSU_OIDC_NAME_CLAIM: 'The claim with the name that stands in steps.',
  TOUSU_TICKET_JWKS_URI:
    "The keys that sign tickets of the shops' order pages, for `/new`; `TOUSU_JWKS_URI` unless set. With neither there is no complaint form.",
  TOUSU_TICKET_ISSUER: 'The `iss` of the tickets; `TOUSU_ISSUER` unless set.',
}
