// Every attack and fault that was tried on this product, and the test that tries it again. A row without a test says why it
// has none. `table.node.test.ts` holds this file to the tests.

import type { NamedTest as Test } from '../support/named-tests.ts'

type Row = { attack: string } & ({ tests: readonly Test[] } | { untested: string })

const row = (attack: string, ...tests: Test[]): Row => ({ attack, tests })
const untested = (attack: string, why: string): Row => ({ attack, untested: why })

const AUTHORIZATION = 'attacks/authorization.test.ts'
const REQUESTS = 'attacks/requests.test.ts'
const TOKENS = 'attacks/tokens.test.ts'
const WIRE = 'attacks/wire.node.test.ts'
const OIDC = 'auth/oidc.test.ts'
const SESSION = 'routes/signin/session.test.ts'
const INTAKE = 'routes/intake/intake.test.ts'
const PICKUP = 'routes/intake/pickup.test.ts'
const IDEMPOTENCY = 'routes/api/idempotency.test.ts'
const IDENTITY = 'routes/desk/identity.test.ts'
const LINKS = 'routes/track/links.test.ts'
const ADDRESS = 'notify/webhooks/address.test.ts'
const PERSON = 'routes/person.test.ts'
const GROWTH = 'routes/growth.node.test.ts'
const START = 'stories/start.test.ts'
const SIGNED = 'routes/track/signed.test.ts'
const SIGNED_ACTS = 'cli/signed-acts.test.ts'

const OTHERS_ROUTES: Test = [AUTHORIZATION, 'gets nothing from any route that is another’s']
const COSTS: Test = [GROWTH, '%s costs what harmless bytes of its size do']
const FOREIGN_TICKET: Test = [INTAKE, '%s is refused kindly']

export const ROWS: readonly Row[] = [
  // Authorization.
  row('69 routes × 10 readers: own only', OTHERS_ROUTES, [TOKENS, '%s is none']),
  row(
    'another’s complaint, receipt, file by API and console',
    OTHERS_ROUTES,
    ['routes/api/roles.test.ts', 'another merchant’s complaint is not there, whatever is sent'],
    [
      'routes/merchant/merchant.test.ts',
      'another merchant’s complaint is not there on any route, and knows of no visit',
    ],
    ['routes/files.test.ts', 'who may see the complaint may see its files, and nobody else'],
  ),
  row(
    'another’s webhook (rotate, deliveries, resend, activate, delete)',
    ['routes/api/webhooks.test.ts', 'another merchant’s endpoint is not there, and the platform has none'],
    ['routes/merchant/webhooks.test.ts', 'another merchant’s address is not there, and an officer has no such room'],
  ),
  row(
    'revoke another’s key',
    [AUTHORIZATION, 'another merchant revokes no key'],
    ['ledger/contract/registry.ts', 'a revoked key opens nothing, and nobody brings it back or revokes another’s'],
  ),
  row('upload into another’s complaint', [
    AUTHORIZATION,
    'a file for another merchant’s complaint is refused, and nothing of it is kept',
  ]),
  row('platform, officer, supervisor confirm, withdraw or accept for the buyer', [
    AUTHORIZATION,
    'nobody acts in the buyer’s name: no key, no clerk, no officer',
  ]),
  row('acts __proto__, constructor, notice, submit', ['routes/track/buyer-acts.test.ts', '%s is no act']),
  row('officer at supervisor’s pages; merchant at the desk and back', OTHERS_ROUTES, [
    'routes/desk/desk.test.ts',
    'the supervisor’s view is a supervisor’s',
  ]),
  row(
    'all data of a person: by a forwarded link, an officer, a merchant, another site, or guessed digits',
    [PERSON, 'is led to all of them, of one complaint too; an officer and a merchant are not'],
    [
      PERSON,
      'a forwarded link alone reads, exports and asks for nothing; nor does a mark of another complaint or a share link',
    ],
    [PERSON, 'the digits can’t be tried out: five, then a lock that the right ones meet too'],
  ),
  row('acts by a share link', [AUTHORIZATION, 'a share link acts on nothing and takes no file that was not ticked']),
  row(
    'share link: statement, name, phone, order, file in page, JSON, receipt',
    ['routes/track/complaint-json.test.ts', 'a share link masks names and shows texts only where they were ticked'],
    ['routes/track/complaint-json.test.ts', 'a receipt discloses to a share link what its page shows, and no more'],
  ),
  row('share link takes an unticked file', [
    'routes/files.test.ts',
    'a share link gives files only while they are ticked',
  ]),
  row(
    'forged links: last characters, one-character flips, variants',
    [AUTHORIZATION, 'a forged link opens nothing: every last character, a flip at every place, a piece more or less'],
    [LINKS, 'a forged link touches no ledger'],
    ['hosts/worker/forged.test.ts', 'a forged link, %s'],
  ),
  row(
    'link after rotation for theft; pickup gives the new one; 4th rotation',
    [LINKS, 'unknown, altered, revoked and expired links look alike (%s)'],
    ['ledger/contract/links.ts', 'a stolen link is dead at once'],
    ['notify/sms/deliver.test.ts', 'is the one in every later SMS, also in one that was planned before'],
  ),

  // Sessions and sign-in.
  row('CSRF: cross-site, same-site, none, Origin null, no headers, prefix host, two values', [
    SESSION,
    'from %s changes nothing',
  ]),
  row('CSRF: text/plain JSON, PUT, _method, sign-out', [
    REQUESTS,
    'no other method and no other type gets a session to act',
  ]),
  row('web view: Origin null with same-origin Fetch Metadata works', [SESSION, 'one of ours is known by %s']),
  row(
    'session fixation, second sign-in, sign-out with a copied cookie',
    [OIDC, 'session fixation: a new session each time, and the one before has ended'],
    [OIDC, 'sign-out ends the session, and links to where the provider’s own session ends'],
    [SESSION, 'one session or all of a person end at once'],
  ),
  row('cookie on https: __Host-, Secure, HttpOnly, Lax', [OIDC, '%s signs in and comes to %s']),
  row(
    'back-channel logout: wrong aud, no events, nonce, alg none / right one',
    [OIDC, 'with %s ends nothing'],
    [OIDC, 'without a signature (alg none), or signed by another, ends nothing'],
    [OIDC, 'ends every session of that person at once, and no other'],
  ),
  row('role changed at the provider while signed in: at most eight hours', [OIDC, 'a session ends after eight hours']),
  row(
    'OIDC: wrong state, login CSRF, mix-up iss, two codes, code injection, replay, error XSS',
    [OIDC, 'a callback with another state is refused'],
    [OIDC, 'login CSRF, replay: a callback that comes twice, or to another browser, is refused'],
    [OIDC, 'mix-up, code injection: a callback of another issuer, with two codes or a foreign code, signs nobody in'],
    [OIDC, 'a sign-in that was denied at the provider gets a page of its own'],
    ['hosts/worker/oidc.test.ts', 'a token for another client is refused'],
  ),
  row('OIDC: unknown role', [OIDC, '%s: a page says that no role is known']),
  row(
    'open redirect, eight forms of `to`',
    [OIDC, 'open redirect: after sign-in the browser returns to the page it wanted, if the role may see it'],
    ['hosts/worker/signin.test.ts', 'a demo offers a choice of roles'],
  ),
  row('bearer: aud, iss, no exp, expired, nbf, role list, unknown role, no merchant', [TOKENS, '%s is none']),
  row(
    'bearer: alg none, HS256 with the public key, embedded jwk, jku, crit',
    [TOKENS, 'without a signature (alg none) is none'],
    [TOKENS, 'algorithm confusion: signed with the public key as an HMAC secret is none'],
    [TOKENS, 'with a key that it brings or points at itself is none'],
    [TOKENS, 'with a critical extension that is not understood is none'],
  ),
  row(
    'our statement JWS or a ticket as bearer; access token as ticket',
    [TOKENS, 'a statement of the log is no bearer token'],
    [TOKENS, 'an order ticket is no bearer token, and a bearer token no ticket'],
  ),
  row('an ID token as bearer, where the audience is the client (F23)', [
    'config/settings.test.ts',
    'an audience that is the client of the same issuer is refused: its ID tokens would be API tokens',
  ]),
  row('ticket: exp > 1 h, aud, no jti, alg none, forged JWE, PBES2 p2c 10⁹, zip', FOREIGN_TICKET, [
    TOKENS,
    'a form’s sealed ticket with a costly or foreign encryption is refused at once',
  ]),
  row(
    'ticket used twice (same or other words, raw after the form)',
    [INTAKE, 'the same again is answered with the first complaint'],
    [INTAKE, 'many at once with other words each make one complaint too'],
  ),
  row(
    'intake: override phone, merchant, order; more money than paid',
    [INTAKE, 'what the form says of order, phone and name changes nothing'],
    [INTAKE, 'everything at once, files too, and nothing is handed in'],
  ),
  row('ticket and phone in the form’s HTML', [INTAKE, 'the form shows the order, and of the phone only its ends']),

  // Once, and not too often.
  row(
    'idempotency: one key by two tenants, replay on another’s complaint, other body, long key',
    [IDEMPOTENCY, 'a key counts for its caller, and not for what was refused'],
    [IDEMPOTENCY, 'the same key with another body, act or complaint is refused'],
  ),
  row(
    '60 parallel posts with one key; 30 confirmations; 20 submits of one order',
    [IDEMPOTENCY, 'a hundred posts at once are one step'],
    [IDEMPOTENCY, 'a hundred submissions at once are one complaint'],
    ['ledger/contract/races.ts', 'of a hundred submissions about one item one is opened'],
    ['ledger/contract/races.ts', 'a hundred commands race on one complaint, and each sees those before it'],
  ),
  row('200 parallel pickup guesses', [PICKUP, 'many tries at once get no more than five']),
  row(
    'pickup lock-out as denial of service (F13)',
    [PICKUP, 'a code that a stranger locked leaves its buyer the way by the order'],
    [PICKUP, 'a code takes twenty wrong tries in a day'],
  ),
  row(
    'SMS bombing: many posts, spellings of the phone and of the order',
    [PICKUP, 'nobody makes a phone ring all day'],
    [PICKUP, 'a phone is the same with its country code'],
    ['ledger/contract/links.ts', 'one phone is one, however it is written'],
  ),
  row(
    'resend to starve the buyer of notices; ringing at night (F4)',
    ['notify/sms/deliver.test.ts', 'every night takes no notice’s place: all four go out, as without the attack'],
    ['notify/sms/held.test.ts', 'the link that a caller asked for comes in the morning'],
  ),
  row(
    'timing: /pickup/resend existing or not, /pickup real or random code',
    [PICKUP, 'the SMS comes again, and the answer is the same for an order that does not exist'],
    ['ledger/lost-links.test.ts', 'an order that does not exist takes as long as one that does'],
  ),
  row(
    'SMS contact of a merchant: a stranger’s number (F18)',
    [
      'routes/merchant/pages.test.ts',
      'the phone for reminders is its owner’s: a code goes there, and digests only once it came back',
    ],
    [
      'ledger/contract/registry.ts',
      'a number becomes a contact once its code came back, in time, and nothing goes there before',
    ],
  ),
  row(
    'rate limits on anonymous writes (F16)',
    ['routes/rate-limit.test.ts', 'a client that floods is told when to come back, and comes back'],
    ['routes/rate-limit.test.ts', 'another client, signed-in people, keys and links get through meanwhile'],
    ['routes/limits.node.test.ts', 'memory is bounded after 100,000 addresses, and who keeps coming is not forgotten'],
    ['hosts/node/client-address.test.ts', 'a proxy that no setting names is a client'],
  ),
  row('alerts flooded by one link (F9)', [
    'routes/desk/alerts.test.ts',
    'one open alert for each complaint and kind, however often it is asked for',
  ]),
  row('API keys without limit (F17)', ['routes/merchant/pages.test.ts', 'a merchant has at most twenty keys']),
  row(
    'steps and bytes of a complaint limited (F5)',
    ['ledger/contract/quotas.ts', 'a party adds so many steps in a day, and more a day after the first of them'],
    ['ledger/contract/quotas.ts', 'so are the bytes of its texts'],
    [
      'routes/track/long.test.ts',
      'leaves a page of at most 60 KB, on which the newest and the way to each older step stand',
    ],
  ),

  // Webhooks.
  row('SSRF: 37 URLs (decimal, octal, hex, mapped, full-width, user@, #, .internal, ports; F24)', [
    ADDRESS,
    '%s as an endpoint: %s',
  ]),
  row('SSRF: 38 addresses of RFC 6890 and IPv6', [ADDRESS, '%s is anybody’s to reach: %s']),
  row(
    'DNS rebinding, mixed answers, ::ffff: answers',
    [ADDRESS, 'a name that leads to this machine is refused after it was resolved'],
    [ADDRESS, 'a name that changes its mind is connected to where it was looked at'],
  ),
  row(
    'webhook payload, outbox, server log: names, texts, phones, links',
    ['notify/webhooks/deliver.test.ts', 'an ERP reads what happened, and nothing that is personal'],
    ['notify/sms/deliver.test.ts', 'shows no number and no text, in no error and on no console'],
    ['ledger/contract/messages.ts', 'what is in trouble is shown, without number or text, until it was sent'],
  ),

  // What people write, and pages.
  row(
    'XSS: payload in every field, file name, hook URL, key name; all pages in three languages, re-rendered forms',
    ['attacks/markup.test.ts', 'no page in %s runs it'],
    ['attacks/markup.test.ts', 'no form that comes back runs it'],
    ['views/track/page.test.ts', 'stays text, wherever it stands'],
  ),
  row(
    'file name into a header, declared type text/html',
    ['routes/files.test.ts', 'evidence is stored under its hash and comes back byte for byte'],
    ['attacks/files.test.ts', 'a declared type and a name say nothing: what is markup is no evidence'],
  ),
  row(
    'bidi controls, BOM, newline in names',
    ['routes/bad-input.test.ts', '%s %.60j'],
    ['routes/api/roles.test.ts', 'an operator is a name, not a text'],
    ['views/track/page.test.ts', "can't turn our own words around"],
  ),
  row(
    'invisible names and answers (F15)',
    ['routes/api/officers.test.ts', 'an answer of %j shows nothing, so it is none and stops no clock'],
    ['routes/visible-texts.test.ts', 'as %j is no text in any field'],
    [OIDC, '%s leads to no room'],
  ),
  row('merchant poses as the platform by operator', [
    REQUESTS,
    'a merchant who calls itself the platform is shown as the merchant',
  ]),
  row(
    'overlong combining marks (F19)',
    ['routes/visible-texts.test.ts', 'a tower of combining marks is refused in every field'],
    ['browser/marks.test.ts', 'no page scrolls sideways on a narrow phone'],
    ['browser/marks.test.ts', 'a text in %s paints nothing outside of its own box'],
  ),
  row(
    'page cache: act page or language to another reader; ETag of act on share; HX poll',
    ['routes/headers.test.ts', 'one reader’s kept page is never another’s'],
    ['routes/language.test.ts', 'a page kept in one language is never another’s, and no cache between confuses them'],
    ['routes/track/polling.test.ts', 'news of one link are not those of another'],
  ),
  row('page cache bounded in bytes (F6)', [
    'routes/track/page-cache.test.ts',
    'bounded in bytes: however many pages are asked for twice',
  ]),

  // HTTP.
  row('smuggling: CL+TE, xchunked, two CL, bare LF, space before colon', [
    WIRE,
    '%s is refused, and nothing after it is a request',
  ]),
  row(
    'Host with path, @, space, port; ftp target, CONNECT, OPTIONS *, TRACE, FOO',
    [WIRE, '%s is refused or closed, and led nowhere'],
    ['stories/sockets.test.ts', 'links lead where the house says it stands, whatever Host is sent'],
  ),
  row('static traversal, dot files, %00, broken percent', [
    'routes/headers.test.ts',
    'the root of the house, its files and what it does not have',
  ]),
  row(
    'headers of 20 KB, 3,000 headers, long URL, cookie/language/ETag bombs',
    [WIRE, '%s is answered at once'],
    [REQUESTS, 'a Range of what is no file is ignored, and many languages, tags and cookies cost nothing'],
  ),
  row('Upgrade, h2c, Expect, Range', [WIRE, '%s is not switched to'], [WIRE, 'an expectation that is unknown is 417']),
  row('slow header, idle, slow body are cut', [
    WIRE,
    'slow requests end: Node’s limits on a head and on a whole request are in force',
  ]),
  row('3,000 idle connections', [WIRE, 'hundreds of idle connections keep nobody out']),
  row('late form: 1 MB and a long boundary (F1)', COSTS, ['routes/bad-input.test.ts', 'is refused everywhere']),
  row('urlencoded, 520,000 pairs (F2)', COSTS, ['routes/bad-input.test.ts', 'is refused everywhere']),
  row(
    'multipart of many parts and header lines; JSON 170,000 deep',
    ['routes/files.test.ts', 'a form of a hundred thousand parts is refused before any of them is read'],
    COSTS,
  ),
  row(
    'prototype pollution, odd values: random bodies, all acts, all roles',
    [REQUESTS, 'random bodies for every act, by every role: no 5xx, and no object changed for all'],
    ['routes/bad-input.test.ts', 'is refused everywhere'],
  ),
  row('gzip request bodies are not decoded', [REQUESTS, 'a gzipped body is not decoded: no bomb is unpacked']),
  row('security headers on pages, errors, API, static files (F25)', [
    'routes/headers.test.ts',
    'security headers: %s has all of them',
  ]),
  row(
    'delivery reports of SMS vendors: signatures, replay',
    ['routes/api/sms-reports.test.ts', 'whoever is not the vendor finds nothing there'],
    ['routes/api/sms-reports.test.ts', 'Twilio signs the public address, also where a proxy asks us by another'],
  ),

  // Evidence files.
  row(
    '5 × 100 MB uploads bounded (F7)',
    [
      'routes/uploads.node.test.ts',
      'uploads: what does not fit beside those under way is refused as busy, and texts still pass',
    ],
    ['routes/uploads.node.test.ts', 'a complaint’s files have the quota of its policy; words are taken beyond it'],
  ),
  row(
    'fuzz of asEvidence',
    ['attacks/files.test.ts', 'fuzz: mutants of a %s are read or refused, never thrown over, and never grow'],
    ['files/evidence.test.ts', 'a file that is cut off anywhere is read or refused, never anything else'],
    ['files/hostile.test.ts', 'ten megabytes of scraps are read in no more room than a photo'],
  ),
  row('21 crafted 10 MB files: nesting, chunks, extents (F14)', [
    'files/growth.test.ts',
    '%s: costs what an ordinary file of its format does',
  ]),
  row('polyglots: PDF+ZIP, JPEG+PK tail, markup', ['files/hostile.test.ts', '%s is no evidence']),

  // Settings and the start.
  row(
    'demo, clock, gallery routes in live mode',
    ['attacks/live.node.test.ts', 'live mode: there is no %s'],
    ['attacks/live.node.test.ts', 'live mode: nothing is posted to %s'],
    ['hosts/worker/signin.test.ts', 'live mode has no role chooser'],
  ),
  row('forgotten TOUSU_MODE (F11)', [
    'config/settings.test.ts',
    'a forgotten mode beside live settings refuses the demo, and says which',
  ]),
  row(
    'missing, malformed, foreign secrets',
    ['config/settings.test.ts', 'TOUSU_SECRETS=%s is refused on both hosts'],
    ['ledger/forks.test.ts', 'other secrets than those that opened the log are refused, and nothing is written'],
    ['hosts/worker/config.test.ts', '%s: one error that names it, and nothing is served'],
  ),
  row('permissions on disk (F12)', [
    START,
    'in a folder that was missing: files for its own user alone, and rate limits by the address that the proxy forwards',
  ]),
  row(
    'four eyes on appeals, by spelling (API) and by renamed account (F10)',
    ['routes/api/officers.test.ts', 'separation of duties: %j is the officer who ruled, and decides no appeal of it'],
    [IDENTITY, 'a renamed account is the officer who ruled, and neither takes nor decides the appeal'],
    [IDENTITY, 'another account with the same display name is another officer, on the page and in the log'],
    [IDENTITY, 'who ruled in the console decides no appeal by the API, as %j'],
    [IDENTITY, 'whom a program named as the officer decides no appeal in the console'],
    [
      OIDC,
      'separation of duties: an account renamed at the provider decides no appeal of its ruling, its namesake does',
    ],
    ['stories/old-data.test.ts', 'its officers are known by their name, also when they sign in'],
  ),

  // Crashes, disks, clocks.
  row(
    'kill −9 under load',
    ['ledger/processes.test.ts', 'a process killed in a stream of commands has kept every step that it acknowledged'],
    ['hosts/worker/faults.test.ts', 'crash in use: no step lost, none doubled, never a false success'],
  ),
  row(
    'full disk: acknowledged steps, reads, more room; shown at /readyz (F8)',
    [
      'ledger/faults.test.ts',
      'acknowledges nothing that is not kept, and the ledger goes on when there is space again',
    ],
    ['hosts/worker/faults.test.ts', 'storage that throws: 503, nothing recorded, and it goes on afterwards'],
  ),
  row('full disk or wrong clock shown at /readyz (F8)', [
    'ledger/clock.test.ts',
    'readiness: a clock behind the log, a deadline that no scheduler recorded',
  ]),
  row('read-only disk at the start', [START, 'a data folder that cannot be created is named']),
  untested(
    'disk turned read-only under a running server',
    'needs a remount, which a test’s user may not do; a full disk takes the same path',
  ),
  row(
    'last-checkpoint cannot be written (F8)',
    [
      'routes/api/submit.node.test.ts',
      'a complaint that no checkpoint can cover is answered with its link and without a receipt',
    ],
    ['ledger/signer.test.ts', 'a checkpoint that cannot be stored is not published'],
  ),
  row(
    'two servers on one folder, also through a symlink',
    [START, 'single writer: a second process on the same folder is refused'],
    ['ledger/processes.test.ts', 'two processes do not share a ledger'],
  ),
  row(
    'older database restored in place',
    ['ledger/forks.test.ts', 'is read-only, and says why'],
    [
      'hosts/worker/checkpoint-store.test.ts',
      'fork detection: restored storage is read-only, says why, and can still be read',
    ],
  ),
  row('clock 30 s back, 1 h back, right again', [
    'ledger/contract/clock.ts',
    'a clock that was set far back stops all writing until it is right',
  ]),
  row('clock +400 days for 5 s (F3)', [
    'ledger/clock.test.ts',
    'five seconds of a clock 400 days ahead leave no leaf and no miss, and the ledger writes again at once',
  ]),
  row('log output on a full disk ends nothing', [START, 'a log that can’t be written ends nothing']),

  // The log.
  row(
    'operator edits a leaf in SQLite (trigger dropped)',
    ['cli/threats.test.ts', 'in the database: no leaf fits the signed tree any more'],
    ['cli/threats.test.ts', 'and signs all anew: memory tells'],
  ),
  row(
    'an old leaf altered later, and a monitor with a state',
    ['cli/monitor.test.ts', 'at the right edge: the next run names it'],
    ['cli/monitor.test.ts', 'in a full bundle: within a day of runs, with the proof of what was signed'],
  ),
  row(
    'personal data in leaves',
    ['routes/log/log.test.ts', 'every published leaf is served, without a word of anybody'],
    ['ledger/contract/erasure.ts', 'what is personal stands among the disclosures and nowhere else'],
  ),
  row('log endpoints: bad tiles, shards, hashes', [
    'routes/log/log.test.ts',
    'nothing beyond the published size, and nothing but tiles',
  ]),

  // Authors.
  row(
    'the operator mints the buyer’s link and confirms',
    [
      SIGNED_ACTS,
      'the operator mints the link and confirms: page, both verifiers and monitor say so, until the buyer signs again',
    ],
    [SIGNED_ACTS, 'a device of the operator, bound later, does not answer for the buyer'],
    ['browser/stories.test.ts', 'the operator confirms by the link that it minted, and one tap reopens it'],
    ['cli/signed-lives.test.ts', 'random lives, signed here and there: verifiers, monitor and page agree'],
  ),
  row(
    'signatures moved: other complaint, log, act, head, body, key; replayed, altered, two devices racing',
    [SIGNED, '%s'],
    [SIGNED, 'by a key that is not bound here, and one that was altered'],
    [SIGNED, 'a second time'],
    [SIGNED, 'from a stale page, as an unsigned form is; what means the same at any time is taken'],
    [SIGNED, 'of two that race is the first bound, and the other is asked for the digits'],
    [SIGNED_ACTS, 'a signature that is moved to another act, altered or used twice is told by verifiers and monitor'],
    [SIGNED_ACTS, 'a text that is not the one that was signed is told by both verifiers'],
  ),

  // Elsewhere.
  row(
    'workerd: consoles closed without a provider, F1 and F2',
    ['hosts/worker/signin.test.ts', 'live mode has no role chooser'],
    ['routes/bad-input.test.ts', 'is refused everywhere'],
  ),
  untested('dependency advisories', 'needs a registry’s advisory service; a job of CI, not a test'),
  untested('power cut, lost fsync, NFS', 'needs hardware or a file system that lies; kill −9 is the nearest'),
  untested(
    'a proxy in front, real Cloudflare',
    'needs the proxy and an account; client-address.test.ts and workerd stand in',
  ),
]
