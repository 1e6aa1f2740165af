// Keys and ready texts for the consoles. Every page works without it.

/** In a list that has the focus: j and k, or the arrows, move from one line to the next. */
const STEPS = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }

document.addEventListener('keydown', event => {
  const step = STEPS[event.key]
  if (!step || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
  const list = event.target.closest('[data-keys]')
  if (!list || event.target.matches('input, select, textarea')) return
  const lines = [...list.querySelectorAll('tbody th a')]
  const now = event.target.closest('tr')
  const next = lines[lines.findIndex(line => now?.contains(line)) + step]
  if (!next) return
  event.preventDefault()
  next.focus()
  next.scrollIntoView({ block: 'nearest' })
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

// A double click sends a form once. After a moment it may be sent again: the first time may have been stopped.
const sent = new WeakMap()
const DOUBLE_MS = 2000

document.addEventListener('submit', event => {
  const { target, timeStamp, defaultPrevented } = event
  if (defaultPrevented || target.method !== 'post') return
  if (timeStamp - (sent.get(target) ?? -DOUBLE_MS) < DOUBLE_MS) event.preventDefault()
  else sent.set(target, timeStamp)
})
