// Author signatures (docs/log.md, section 11): makes a key that this browser keeps and never hands out (WebCrypto, IndexedDB),
// binds it to the complaint, and signs each form before it is sent. The page works without: what it sends is then unsigned.
//
// `#device` says what is signed: `data-c` and `data-origin` of chain and log, `data-seen` the newest leaf, `data-keys` what
// is bound, `data-action` where a key is bound. Its parts with `data-when` are shown in one state each: `cannot` sign,
// `bound`, or a `further` device. In the consoles `data-store` names the person's key, which is registered elsewhere. On the form of
// a new complaint (`data-form`) it names the key that signs the form and is bound with it; `data-photos` is what the photos say.
;(() => {
  const subtle = globalThis.crypto?.subtle
  const here = () => document.getElementById('device')
  // Old web views, and pages without TLS.
  if (!subtle || !globalThis.indexedDB || !HTMLFormElement.prototype.requestSubmit) return

  const utf8 = text => new TextEncoder().encode(text)
  const base64url = data =>
    btoa(String.fromCharCode(...new Uint8Array(data)))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replaceAll('=', '')
  const hash = async text => base64url(await subtle.digest('SHA-256', utf8(text)))

  // Key ---------------------------------------------------------------------------------------------------------------

  /** One request of the store of keys; rejects where the browser has none. */
  const stored = work =>
    new Promise((resolve, reject) => {
      const opening = indexedDB.open('tousu', 1)
      opening.onupgradeneeded = () => opening.result.createObjectStore('keys')
      opening.onerror = reject
      opening.onsuccess = () => {
        const request = work(opening.result.transaction('keys', 'readwrite').objectStore('keys'))
        request.onsuccess = () => resolve(request.result)
        request.onerror = reject
        opening.result.close()
      }
    })

  /** RFC 7638. */
  const thumbprint = (x, y) => hash(`{"crv":"P-256","kty":"EC","x":"${x}","y":"${y}"}`)

  /**
   * A key for each complaint, so that none tells of another one's buyer; it may have been made for the form, and be bound. Of two
   * tabs the first makes it.
   */
  const keyFor = async (c, bound = []) => {
    const kept = await stored(keys => keys.get(c))
    if (kept) return kept
    const made = bound.length > 0 && (await stored(keys => keys.getAll())).find(({ key }) => bound.includes(key))
    if (made) await stored(keys => keys.put(made, c))
    if (made) return made
    const { publicKey, privateKey } = await subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign'])
    const { x, y } = await subtle.exportKey('jwk', publicKey)
    const key = await thumbprint(x, y)
    await stored(keys => keys.add({ key, x, y, privateKey }, c)).catch(() => undefined)
    return stored(keys => keys.get(c))
  }

  const claimText = ({ act, body, c, origin, seen }) =>
    `{"act":"${act}","body":"${body}","c":"${c}","origin":"${origin}","seen":"${seen}"}`

  const signClaim = async ({ key, privateKey }, claim) => {
    const header = `{"alg":"ES256","kid":"${key}"}`
    const input = `${base64url(utf8(header))}.${base64url(utf8(claimText(claim)))}`
    return base64url(await subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, utf8(input)))
  }

  /** The form field `signature`. */
  const signRequest = async (own, { act, body, c, origin, seen }) => {
    const salt = base64url(crypto.getRandomValues(new Uint8Array(16)))
    const request = base64url(utf8(`["${salt}","signedRequest",${JSON.stringify(body)}]`))
    const sig = await signClaim(own, { act, body: await hash(request), c, origin, seen })
    return [own.key, seen, salt, sig].join('.')
  }
  const sign = (act, seen, body) => signRequest(mine, { ...here().dataset, act, body, seen })
  // Of keys.js and sign-rows.js, in the consoles.
  const forget = name => stored(keys => keys.delete(name))
  /**
   * Submit events, before all other scripts: a form that `concerns` is held until `prepare` is done, then goes on by itself, unsigned where
   * that failed. It stays where `prepare` answers false.
   */
  const beforeSubmit = (concerns, prepare) => {
    const under = new WeakSet()
    const ready = new WeakSet()
    document.addEventListener(
      'submit',
      async event => {
        const { target: form, submitter } = event
        if (ready.delete(form) || !concerns(form)) return
        event.preventDefault()
        event.stopImmediatePropagation()
        if (under.has(form)) return
        under.add(form)
        // In a task of its own: WebCrypto answers small inputs inside this event, and there `requestSubmit` does nothing.
        const task = new Promise(done => setTimeout(done))
        const [goesOn] = await Promise.all([prepare(form, submitter).catch(() => true), task])
        under.delete(form)
        if (goesOn === false) return
        ready.add(form)
        form.requestSubmit(submitter)
      },
      true,
    )
  }

  globalThis.signing = { base64url, beforeSubmit, claimText, forget, hash, keyFor, signClaim, signRequest, thumbprint }

  // Device ------------------------------------------------------------------------------------------------------------

  let mine = null
  /** Under which name it is kept. */
  let own
  let tries = 3
  const keys = () => here()?.dataset.keys.split(' ').filter(Boolean) ?? []
  const isBound = () => mine !== null && (keys().includes(mine.key) || here()?.dataset.form !== undefined)

  /** Binds the key; a further device gives the phone's last digits. Answers whether those were wrong. */
  const bind = async last4 => {
    const { seen, action } = here().dataset
    const { x, y, key } = mine
    const body = JSON.stringify({ x, y, last4, signature: await sign('device-keys', seen, { x, y }) })
    const headers = { 'Content-Type': 'application/json', Accept: 'application/json' }
    const answer = await fetch(action, { method: 'POST', headers, body, keepalive: true })
    const { code } = answer.ok ? {} : await answer.json()
    if (answer.ok || code === 'key_known') here().dataset.keys += ` ${key}`
    // It was retired, and a retired key does not come back.
    if (code === 'key_gone') {
      await stored(keys => keys.delete(own))
      mine = await keyFor(own)
      return bind(last4)
    }
    return code === 'invalid'
  }

  const show = () => {
    const device = here()
    if (!device) return
    const state = isBound() ? 'bound' : mine && keys().length > 0 ? 'further' : 'cannot'
    for (const part of device.querySelectorAll('[data-when]')) part.hidden = part.dataset.when !== state
    for (const part of device.querySelectorAll(`[data-key="${mine?.key}"] [hidden]`)) part.hidden = false
  }

  /** The first device is bound by itself, when the page is first opened. */
  const settle = async () => {
    if (!here()) return
    try {
      const { c, store, action } = here().dataset
      const name = store ?? c
      if (name !== own) mine = await keyFor(name, keys())
      own = name
      if (action && keys().length === 0 && tries-- > 0) await bind()
    } catch {}
    show()
  }
  let settled = settle()

  // Forms -------------------------------------------------------------------------------------------------------------

  const UNSIGNED = ['seen', 'last4', 'form', 'device', 'photosSignature']
  const add = (form, name, value) => {
    form.querySelector(`[name=${name}]`)?.remove()
    form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }))
  }

  const addSignature = async (form, submitter) => {
    form.querySelector('[name=signature]')?.remove()
    const sent = [...new FormData(form, submitter)].filter(
      ([name, value]) => typeof value === 'string' && !UNSIGNED.includes(name),
    )
    const { dataset } = here()
    const act = dataset.act ?? form.getAttribute('action').split('/').pop()
    const seen = form.elements.namedItem('seen')?.value ?? dataset.seen
    add(form, 'signature', await sign(act, seen, Object.fromEntries(sent)))
    if (dataset.form === undefined) return
    add(form, 'device', `${mine.x}.${mine.y}`)
    add(form, 'photosSignature', await sign('evidence', seen, { text: dataset.photos }))
  }

  /** Whether the form may go on: a further device binds itself by the digits that the form asks for. */
  const prepare = async (form, submitter) => {
    await settled
    const digits = form.elements.namedItem('last4')
    if (!isBound() && digits?.value && (await bind(digits.value))) {
      digits.setCustomValidity(here().dataset.wrong)
      digits.reportValidity()
      digits.addEventListener('input', () => digits.setCustomValidity(''), { once: true })
      return false
    }
    if (!form.hasAttribute('action')) {
      show()
      if (isBound()) globalThis.htmx?.trigger('#now', 'poll')
      return false
    }
    if (isBound()) await addSignature(form, submitter)
    return true
  }

  // Of a console's page the forms that act.
  const isOurs = form => {
    if (!mine || !here()) return false
    const { store, form: filing } = here().dataset
    return !store || form.elements.namedItem(filing === undefined ? 'seen' : 'form') !== null
  }
  beforeSubmit(isOurs, prepare)
  for (const kind of ['htmx:after:swap', 'redrawn'])
    document.addEventListener(kind, () => {
      settled = settle()
    })
})()
