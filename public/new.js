// Keeps what is being written on this phone until it is sent: texts alone, under a hash of the order, for a week. The
// form is whole without it.
const WEEK_MS = 7 * 86_400_000

/** Some web views have no storage, or it is full. */
const storage = {
  read(key) {
    try {
      const { at, values } = JSON.parse(localStorage.getItem(key) ?? '{}')
      return Date.now() - at < WEEK_MS ? values : null
    } catch {
      return null
    }
  },
  write(key, values) {
    try {
      localStorage.setItem(key, JSON.stringify({ at: Date.now(), values }))
    } catch {}
  },
  drop(key) {
    try {
      localStorage.removeItem(key)
    } catch {}
  },
  keys() {
    try {
      return Object.keys(localStorage)
    } catch {
      return []
    }
  },
}

// Old ones go, also those of other orders: the phone may be shared.
for (const key of storage.keys()) if (key.startsWith('draft ') && !storage.read(key)) storage.drop(key)

const setUp = () => {
  const filed = document.querySelector('[data-filed]')
  if (filed) storage.drop(`draft ${filed.dataset.filed}`)

  const form = document.querySelector('form[data-draft]')
  if (form) {
    const key = `draft ${form.dataset.draft}`
    const fields = [...form.elements].filter(({ name, type }) => name && type !== 'hidden' && type !== 'file')
    const notice = document.getElementById('draft')

    // The shop's ticket leaves the address and the history; what stands in the form does the same, and says nothing.
    history.replaceState(null, '', `/new?ticket=${form.elements.namedItem('form').value}`)

    const restore = values => {
      for (const field of fields) field.value = values[field.name] ?? field.value
      notice.hidden = false
    }
    const kept = storage.read(key)
    // A form that came back brings what was typed by itself.
    if (kept && fields.every(({ value }) => value === '')) restore(kept)

    notice.querySelector('button').addEventListener('click', () => {
      storage.drop(key)
      for (const field of fields) field.value = ''
      notice.hidden = true
      fields[0].focus()
    })
    form.addEventListener('input', () => {
      const values = Object.fromEntries(fields.map(({ name, value }) => [name, value]))
      if (Object.values(values).some(value => value !== '')) storage.write(key, values)
    })
  }
}

setUp()
// By photos.js, which sends the form and shows what is answered.
document.addEventListener('redrawn', setUp)
