// Keys, live counts and ready texts for the consoles. Every page works without it.

/** j and k move from one line of the list to the next; in a list that has the focus the arrows do so too. */
const STEPS = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }

document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches('input, select, textarea')) return
  const box = event.key === '/' && document.getElementById('find')
  if (box) {
    event.preventDefault()
    box.select()
    return
  }
  const step = STEPS[event.key]
  if (!step || event.shiftKey) return
  const anywhere = event.key.length === 1 && document.querySelector('[data-keys]')
  const list = event.target.closest('[data-keys]') ?? anywhere
  if (!list) return
  const lines = [...list.querySelectorAll('tbody th a')]
  const now = event.target.closest('tr')
  const next = lines[lines.findIndex(line => now?.contains(line)) + step]
  if (!next) return
  event.preventDefault()
  next.focus()
  next.scrollIntoView({ block: 'nearest' })
})

/** Live counts of the tabs, asked each minute while the page is looked at. A change of its own list offers to reload it. */
const tabs = document.querySelector('[data-counts]')
const COUNT_MS = 60_000

const count = async () => {
  const answer = await fetch(tabs.dataset.counts, { headers: { Accept: 'application/json' } })
  if (!answer.ok) return
  for (const [name, number] of Object.entries(await answer.json())) {
    const shown = tabs.querySelector(`[data-count="${name}"]`)
    if (!shown || shown.textContent === String(number)) continue
    shown.textContent = number
    if (shown.closest('[aria-current]')) document.querySelector('[data-news]').hidden = false
  }
}

if (tabs) {
  setInterval(() => {
    // Offline, or the session has ended: the next page says so.
    if (!document.hidden) count().catch(() => undefined)
  }, COUNT_MS)
}

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

// A double click sends a form once. After a moment it may be sent again: the first time may have been stopped.
const sent = new WeakMap()
const DOUBLE_MS = 2000

document.addEventListener('submit', event => {
  const { target, timeStamp, defaultPrevented } = event
  if (defaultPrevented || target.method !== 'post') return
  if (timeStamp - (sent.get(target) ?? -DOUBLE_MS) < DOUBLE_MS) event.preventDefault()
  else sent.set(target, timeStamp)
})
