// Page of signing keys: registers the key that sign.js keeps in this browser, and passkeys (WebAuthn), which vouch for browsers
// and sign what is said about keys where this browser has no key of its own (docs/log.md, section 11).
;(async () => {
  const page = document.getElementById('keys')
  if (!page || !globalThis.signing) return
  const { base64url, claimText, forget, hash, keyFor, signClaim, thumbprint } = globalThis.signing
  const { store, party, origin, seen, keys, retired, required, person } = page.dataset
  const names = text => text.split(' ').filter(Boolean)

  /** A retired key never comes back: the browser makes another. */
  const own = async () => {
    const kept = await keyFor(store)
    if (!names(retired).includes(kept.key)) return kept
    await forget(store)
    return keyFor(store)
  }
  const mine = await own().catch(() => null)
  if (!mine) return
  const isRegistered = names(keys).includes(mine.key)
  /** The person's own: thumbprint by credential id. */
  const passkeys = new Map(names(page.dataset.passkeys).map(each => each.split(':')))

  page.querySelector('[data-noscript]').hidden = true
  page.querySelector('[data-registered]').hidden = !isRegistered
  page.querySelector('[data-claim=party-keys]').hidden = isRegistered
  page.querySelector('[data-claim=passkeys]').hidden = !globalThis.PublicKeyCredential
  for (const tag of page.querySelectorAll(`[data-key-here="${mine.key}"]`)) tag.hidden = false
  const name = document.getElementById('key-name')
  const { brands = [], platform } = navigator.userAgentData ?? { platform: navigator.platform }
  const brand = brands.find(each => !/not|chromium/i.test(each.brand))?.brand
  if (name.value === '') name.value = [brand, platform].filter(Boolean).join(' · ').slice(0, 60)

  const claim = (act, body, more = {}) => ({ act, body, c: party, origin, seen: '', ...more })
  const offer = key => claim('party-keys', key, { origin: '' })

  // Passkeys ----------------------------------------------------------------------------------------------------------

  const bytes = text =>
    Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), each => each.charCodeAt(0))
  const listed = ids => ids.map(id => ({ type: 'public-key', id: bytes(id) }))

  /** ECDSA signature of ASN.1, as WebAuthn has it, in the 64 bytes of a JWS: r and s without sign bytes, padded. */
  const plain = der => {
    const half = at => der.slice(at + 2, at + 2 + der[at + 1])
    const r = half(2)
    const both = new Uint8Array(64)
    for (const [i, part] of [r, half(4 + r.length)].entries()) {
      const digits = part.slice(-32)
      both.set(digits, 32 * (i + 1) - digits.length)
    }
    return both
  }

  /** An assertion over a claim by one of these credentials; rejects where the person cancels. */
  const assert = async (ids, claimed) => {
    const challenge = bytes(await hash(claimText(claimed)))
    const allowCredentials = listed(ids)
    const options = { challenge, allowCredentials, userVerification: 'required', timeout: 120_000 }
    const { rawId, response } = await navigator.credentials.get({ publicKey: options })
    const parts = [response.authenticatorData, response.clientDataJSON, plain(new Uint8Array(response.signature))]
    return { id: base64url(rawId), sig: parts.map(base64url).join('.') }
  }
  const assertOwn = async claimed => {
    const { id, sig } = await assert([...passkeys.keys()], claimed)
    return { key: passkeys.get(id), sig }
  }

  /** Asks twice: a new passkey proves itself by signing its own offer, so that nothing need be believed of how it was made. */
  const makePasskey = async () => {
    const user = { id: bytes(await hash(`${store} passkey`)), name: person, displayName: person }
    const made = await navigator.credentials.create({
      publicKey: {
        challenge: crypto.getRandomValues(new Uint8Array(32)),
        rp: { name: document.title.split(' · ').pop() },
        user,
        pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
        excludeCredentials: listed([...passkeys.keys()]),
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
      },
    })
    // SubjectPublicKeyInfo of a P-256 key ends in its coordinates.
    const spki = new Uint8Array(made.response.getPublicKey())
    const [x, y] = [base64url(spki.slice(-64, -32)), base64url(spki.slice(-32))]
    const key = await thumbprint(x, y)
    const credential = base64url(made.rawId)
    const { sig } = await assert([credential], offer(key))
    return { key, x, y, credential, sig }
  }

  // Forms -------------------------------------------------------------------------------------------------------------

  /** By this browser's key; where it has none, by a passkey. */
  const signer = async claimed =>
    isRegistered ? { key: mine.key, sig: await signClaim(mine, claimed) } : assertOwn(claimed)
  const canSign = () => isRegistered || passkeys.size > 0
  const named = (prefix, { key, sig }) => ({ [`${prefix}.key`]: key, [`${prefix}.sig`]: sig })

  const fieldsOf = {
    'party-keys': async () => {
      const { key, x, y } = mine
      const voucher = passkeys.size > 0 && named('voucher', await assertOwn(offer(key)))
      return { x, y, sig: await signClaim(mine, offer(key)), ...voucher }
    },
    passkeys: async () => {
      const { key, ...made } = await makePasskey()
      return { ...made, ...(canSign() && named('voucher', await signer(offer(key)))) }
    },
    // Elsewhere it may be unsigned: an officer's key stands in the log of each shard, and each has another origin.
    'party-key-retirements': async form =>
      required === undefined || !canSign()
        ? {}
        : named('signed', await signer(claim('party-key-retirements', form.elements.key.value))),
    'signing-demands': () => demand('signing-demands'),
    'signing-releases': () => demand('signing-releases'),
  }
  /** The body of such a claim is the key that signs: of several passkeys the first is asked. */
  const demand = async act => {
    if (!canSign()) return {}
    if (isRegistered) return named('signed', await signer(claim(act, mine.key, { seen })))
    const [[id, key]] = passkeys
    return named('signed', { key, sig: (await assert([id], claim(act, key, { seen }))).sig })
  }

  const ready = new WeakSet()
  document.addEventListener('submit', async event => {
    const { target: form } = event
    const fields = fieldsOf[form.dataset.claim]
    if (!fields || ready.has(form)) return
    event.preventDefault()
    const task = new Promise(done => setTimeout(done))
    const cancelled = page.querySelector('[data-cancelled]')
    cancelled.hidden = true
    try {
      const [made] = await Promise.all([fields(form), task])
      for (const [name, value] of Object.entries(made))
        form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }))
      ready.add(form)
      form.submit()
    } catch {
      // Lost passkey: the next press goes without it, and the log takes what it takes unsigned.
      if (form.dataset.claim !== 'passkeys') passkeys.clear()
      cancelled.hidden = false
      cancelled.focus()
    }
  })
})()
