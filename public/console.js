// Keys, live counts, ready texts and drafts for the consoles. Every page works without it.

/** j and k move from one line of the list to the next; in a list that has the focus the arrows do so too. */
const STEPS = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }

const step = (event, by) => {
  const anywhere = event.key.length === 1 && document.querySelector('[data-keys]')
  const list = event.target.closest('[data-keys]') ?? anywhere
  if (!list) return
  const lines = [...list.querySelectorAll('tbody th a[href]')]
  const now = event.target.closest('tr')
  const next = lines[lines.findIndex(line => now?.contains(line)) + by]
  if (!next) return
  event.preventDefault()
  next.focus()
  next.scrollIntoView({ block: 'nearest' })
}

/** From a complaint back to the list as it was left: filters, tab and page. */
const LIST = 'list'
const list = location.pathname.split('/')[1]
const kept = work => {
  try {
    return work(sessionStorage)
  } catch {}
}
if (document.querySelector('[data-counts]'))
  kept(store => store.setItem(`${LIST} ${list}`, location.href.split('#')[0]))
const left = kept(store => store.getItem(`${LIST} ${list}`))
for (const link of document.querySelectorAll('[data-find]')) if (left) link.href = left

/** `/` goes to the box that finds; from a page without one, to that of the list. */
const find = event => {
  event.preventDefault()
  const box = document.getElementById('find')
  if (box) box.select()
  else location.href = `${document.querySelector('[data-find]').href}#find`
}
if (location.hash === '#find') document.getElementById('find')?.focus()

/** `x` ticks the line that has the focus. */
const tick = event => {
  const box = event.target.closest('[data-keys] tr')?.querySelector('input[type=checkbox]')
  box?.click()
  return Boolean(box)
}

/** `data-key` names its key: a form is opened and its first field focused, a link is followed, a button waits for Enter. */
const useKeyed = (event, keyed) => {
  event.preventDefault()
  if (keyed.matches('a, label')) return keyed.click()
  if (keyed.matches('details')) keyed.open = true
  const form = keyed.matches('form') ? keyed : keyed.querySelector('form[method=post]')
  const field = form?.querySelector('select, textarea, input:not([type=hidden]), button')
  const target = field ?? keyed
  target.focus()
  target.scrollIntoView({ block: 'nearest' })
}

/** WCAG 2.1.4: keys of one character, unless this browser has them off. */
const single = document.body.dataset.shortcuts !== 'off'

document.addEventListener('keydown', event => {
  const { key, target } = event
  if (key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    target.closest('form[method=post]')?.requestSubmit()
    return
  }
  // A key that an input method takes is part of a word.
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
  if (target.matches('input:not([type=checkbox], [type=radio]), select, textarea')) return
  if (!single && key.length === 1) return
  if (key === '/' && document.querySelector('#find, [data-find]')) return find(event)
  const keyed = /^[a-z]$/.test(key) && document.querySelector(`[data-key="${key}"]`)
  if (keyed) useKeyed(event, keyed)
  else if (key === 'x' && tick(event)) event.preventDefault()
  else if (STEPS[key]) step(event, STEPS[key])
})

/**
 * Live counts of the tabs, asked each minute while the page is looked at. Where its own list has changed, that is said,
 * and the list is renewed in place once the reader wants it: a row that moves by itself would take a click meant for another.
 */
const COUNT_MS = 60_000
const tabs = () => document.querySelector('[data-counts]')

const count = async () => {
  const answer = await fetch(tabs().dataset.counts, { headers: { Accept: 'application/json' } })
  if (!answer.ok) return
  for (const [name, number] of Object.entries(await answer.json())) {
    const shown = tabs().querySelector(`[data-count="${name}"]`)
    if (!shown || shown.textContent === String(number)) continue
    shown.textContent = number
    if (shown.closest('[aria-current]')) document.querySelector('[data-news]').hidden = false
  }
}

if (tabs()) {
  setInterval(() => {
    // Offline, or the session has ended: the next page says so.
    if (!document.hidden) count().catch(() => undefined)
  }, COUNT_MS)
}

/** Presence: who else has this complaint open, asked each minute while it is looked at. */
const here = document.querySelector('[data-here]')

const lookAround = async () => {
  const answer = await fetch(here.dataset.here)
  if (!answer.ok) return
  const { says } = await answer.json()
  if (here.textContent !== says) here.textContent = says
  here.hidden = says === ''
}

if (here) {
  setInterval(() => {
    if (!document.hidden) lookAround().catch(() => undefined)
  }, COUNT_MS)
}

const RENEWED = ['.tabs', '.strip', '.sheet', '[data-news]']

document.addEventListener('click', async event => {
  if (!event.target.closest('[data-news] a')) return
  event.preventDefault()
  const answer = await fetch(location.href).catch(() => null)
  const fresh = answer?.ok && new DOMParser().parseFromString(await answer.text(), 'text/html')
  // A list that was empty has another shape, and an ended session another page.
  if (!fresh?.querySelector('.sheet') || !document.querySelector('.sheet')) return location.reload()
  for (const part of RENEWED) document.querySelector(part)?.replaceWith(fresh.querySelector(part))
  document.querySelector('[data-keys] tbody th a')?.focus()
})

/** A ready text fills the form beside it; what somebody wrote stays, above it. */
const fill = (field, value) => {
  const own = field.value.trim() !== '' && field.value !== field.dataset.ready && field.tagName === 'TEXTAREA'
  field.value = own ? `${field.value.trimEnd()}\n${value}` : value
  field.dataset.ready = own ? '' : value
}

document.addEventListener('submit', event => {
  const form = event.target.closest('[data-fills]')
  if (!form) return
  const { values } = form.querySelector('select').selectedOptions[0].dataset
  const target = document.getElementById(form.dataset.fills)?.querySelector('form[method=post]')
  if (!values || !target) return
  event.preventDefault()
  for (const [name, value] of Object.entries(JSON.parse(values))) {
    const field = target.elements.namedItem(name)
    if (field) fill(field, value)
  }
  target.querySelector('textarea')?.focus()
})

/**
 * Drafts: what is being written survives a reload, the way back and an ended session. Kept for this tab alone, since desks share
 * computers, and until the complaint has moved past what its page showed: then the form was sent.
 */
const DRAFT = 'draft '
const seenBy = form =>
  [...form.querySelectorAll('input[name$=seen]')].map(({ name, value }) => `${name} ${value}`).join()
const nameOf = form => `${DRAFT}${form.getAttribute('action')} `
/** Two forms may send the same act; those about many complaints are told apart by these. */
const draftOf = form => {
  const about = [...form.querySelectorAll('input[name$=".seen"]')].map(({ name }) => name)
  return `${nameOf(form)}${form.closest('details')?.id ?? ''} ${about.join()}`
}
const written = form =>
  [...form.elements].filter(
    each => each.name && each.matches('textarea, select, input:not([type=hidden], [type=file])'),
  )

document.addEventListener('input', ({ target }) => {
  const { form } = target
  if (form?.method !== 'post') return
  const values = written(form).map(each => [
    each.name,
    /^(radio|checkbox)$/.test(each.type) ? each.checked && each.value : each.value,
  ])
  kept(store => store.setItem(draftOf(form), JSON.stringify({ seen: seenBy(form), values })))
})

const restore = form => {
  const { values = [] } = JSON.parse(kept(store => store.getItem(draftOf(form))) ?? '{}')
  const fields = written(form)
  for (const [i, [name, value]] of values.entries()) {
    const field = fields[i]
    if (field?.name !== name) continue
    if (/^(radio|checkbox)$/.test(field.type)) field.checked = value === field.value
    else field.value = value
    const act = field.closest('details.act')
    if (act) act.open = true
  }
}

const forms = [...document.querySelectorAll('form[method=post]')]
/** Where a complaint's page or the page of many stands; a refused form's page by the form's own address. */
const [place] = /^\/\w+\/(complaints\/\w+|\w+)/.exec(location.pathname) ?? ['-']
kept(store => {
  for (const key of Object.keys(store)) {
    const { sent, ...draft } = JSON.parse(key.startsWith(DRAFT + place) ? store.getItem(key) : '{}')
    if (!sent) continue
    const form = forms.find(each => draftOf(each) === key)
    // Refused, it was not sent: the complaint may have moved by another's step.
    if (form && document.querySelector('.notice.bad'))
      store.setItem(key, JSON.stringify({ ...draft, seen: seenBy(form) }))
    else if (!form || draft.seen !== seenBy(form)) store.removeItem(key)
  }
})
for (const form of forms) restore(form)

// What was read as a preview is sent by another form of the same act. A form that names no head ends its draft at once.
document.addEventListener('submit', ({ target }) => {
  const isOver = seenBy(target) === ''
  kept(store => {
    if (target.getAttribute('action') === '/signout') return store.clear()
    for (const key of Object.keys(store).filter(each => each.startsWith(nameOf(target)))) {
      if (isOver) store.removeItem(key)
      else store.setItem(key, JSON.stringify({ ...JSON.parse(store.getItem(key)), sent: true }))
    }
  })
})

// A double click sends a form once. After a moment it may be sent again: the first time may have been stopped.
const sent = new WeakMap()
const DOUBLE_MS = 2000

document.addEventListener('submit', event => {
  const { target, timeStamp, defaultPrevented } = event
  if (defaultPrevented || target.method !== 'post') return
  if (timeStamp - (sent.get(target) ?? -DOUBLE_MS) < DOUBLE_MS) event.preventDefault()
  else sent.set(target, timeStamp)
})

/** Chooses every line of a list; without a script each is ticked by hand. */
for (const all of document.querySelectorAll('[data-all]')) {
  all.hidden = false
  all.addEventListener('change', ({ target }) => {
    for (const box of all.closest('form').querySelectorAll('tbody input[type=checkbox]')) box.checked = target.checked
  })
}
