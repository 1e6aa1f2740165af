// Forms of the consoles that act on many complaints: each row's act gets a signature of its own (docs/log.md, section 11), over
// what that complaint's own form would send.
//
// `#signing` names the person's key and what is registered. A row is a field `cCODE.seen` with `data-c`, `data-origin` and
// `data-act`; it holds the fields `cCODE.…` and those shared ones that the form names in `data-shared`.
;(() => {
  const note = document.getElementById('signing')
  if (!note || !globalThis.signing) return
  const { beforeSubmit, keyFor, signRequest } = globalThis.signing
  const { store, keys } = note.dataset

  const findKey = async () => {
    const own = await keyFor(store).catch(() => null)
    const isRegistered = own !== null && keys.split(' ').includes(own.key)
    for (const part of note.children) part.hidden = (part.dataset.when === 'bound') !== isRegistered
    return isRegistered ? own : null
  }
  const key = findKey()

  /** As routes/console.ts takes it apart: in the form's order, without what stands beside a request. */
  const requestOf = (row, sent, shared) => {
    const own = row.name.slice(0, -'seen'.length)
    const entries = sent.flatMap(([name, value]) => {
      if (name.startsWith(own)) return [[name.slice(own.length), value]]
      return shared.includes(name) ? [[name, value]] : []
    })
    const { seen, signature, ...body } = Object.fromEntries(entries)
    return body
  }

  const signRows = async (form, submitter) => {
    const mine = await key
    const sent = [...new FormData(form, submitter)]
    const shared = form.dataset.shared.split(' ')
    for (const row of mine ? form.querySelectorAll('[data-act]') : []) {
      const name = row.name.replace(/seen$/, 'signature')
      form.elements.namedItem(name)?.remove()
      const body = requestOf(row, sent, shared)
      const value = await signRequest(mine, { ...row.dataset, body, seen: row.value })
      form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }))
    }
  }

  // What failed is sent unsigned: the server says what it refuses.
  beforeSubmit(form => form.querySelector('[data-act]') !== null, signRows)
})()
