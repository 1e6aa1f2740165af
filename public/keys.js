// Page of signing keys: registers the key that sign.js keeps in this browser, and signs what is said about keys.
;(async () => {
  const page = document.getElementById('keys')
  if (!page || !globalThis.signing) return
  const { keyFor, forget, signClaim } = globalThis.signing
  const { store, party, origin, seen, keys, retired, required } = page.dataset
  const names = text => text.split(' ')

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

  page.querySelector('[data-noscript]').hidden = true
  page.querySelector('[data-registered]').hidden = !isRegistered
  page.querySelector('[data-claim=party-keys]').hidden = isRegistered
  for (const tag of page.querySelectorAll(`[data-key-here="${mine.key}"]`)) tag.hidden = false
  const name = document.getElementById('key-name')
  const { brands = [], platform } = navigator.userAgentData ?? { platform: navigator.platform }
  const brand = brands.find(each => !/not|chromium/i.test(each.brand))?.brand
  if (name.value === '') name.value = [brand, platform].filter(Boolean).join(' · ').slice(0, 60)

  const claim = (act, body, more = {}) => signClaim(mine, { act, body, c: party, origin, seen: '', ...more })
  const fieldsOf = {
    // Its own key vouches for itself alone: while signatures are required, another browser or program has to.
    'party-keys': async () => ({ x: mine.x, y: mine.y, sig: await claim('party-keys', mine.key, { origin: '' }) }),
    // Elsewhere it may be unsigned: an officer's key stands in the log of each shard, and each has another origin.
    'party-key-retirements': async form =>
      required === undefined ? {} : signed(await claim('party-key-retirements', form.elements.key.value)),
    'signing-demands': async () => signed(await claim('signing-demands', mine.key, { seen })),
    'signing-releases': async () => signed(await claim('signing-releases', mine.key, { seen })),
  }
  const signed = sig => ({ 'signed.key': mine.key, 'signed.sig': sig })

  const ready = new WeakSet()
  document.addEventListener('submit', async event => {
    const { target: form } = event
    const fields = fieldsOf[form.dataset.claim]
    if (!fields || ready.has(form) || (!isRegistered && form.dataset.claim !== 'party-keys')) return
    event.preventDefault()
    const task = new Promise(done => setTimeout(done))
    const [made] = await Promise.all([fields(form), task])
    for (const [name, value] of Object.entries(made))
      form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }))
    ready.add(form)
    form.submit()
  })
})()
