// Photos: made smaller on the phone before they travel, shown before they are sent, and large when one is opened; a form with
// files says how far it is. Every form works without it. What is chosen stands in the form's own inputs, so that the browser,
// htmx and other scripts find it there.
;(() => {
  const MAX_FILES = 10
  const MAX_BYTES = 10 * 1024 * 1024
  /** Pixels, of the longer side: enough to read a label; what a list shows on a dense display. */
  const [SIDE, THUMBNAIL_SIDE] = [1600, 200]
  const THUMBNAIL_BYTES = 16 * 1024

  const make = (tag, more = {}, ...inner) => {
    const element = Object.assign(document.createElement(tag), more)
    element.append(...inner)
    return element
  }
  const NAMES = ['tooMany', 'tooBig', 'remove', 'camera', 'original', 'sending', 'failed', 'again']
  const wordsOf = input => Object.fromEntries(input.dataset.words.split('|').map((word, i) => [NAMES[i], word]))
  const inputOf = form => form?.querySelector('input[type=file][data-words]')

  // Before sending ----------------------------------------------------------------------------------------------------

  const scaled = (bitmap, side) => {
    const by = Math.min(1, side / Math.max(bitmap.width, bitmap.height))
    const [width, height] = [bitmap.width, bitmap.height].map(each => Math.max(1, Math.round(each * by)))
    const canvas = make('canvas', { width, height })
    const pen = canvas.getContext('2d')
    // JPEG knows no transparency.
    pen.fillStyle = '#fff'
    pen.fillRect(0, 0, width, height)
    pen.drawImage(bitmap, 0, 0, width, height)
    return canvas
  }
  const jpeg = (canvas, quality) => new Promise(done => canvas.toBlob(done, 'image/jpeg', quality))
  const named = (blob, name) => new File([blob], name, { type: 'image/jpeg' })

  /** A file that was chosen, as it may be sent. What this browser can't draw goes as it is, and so does a GIF, which moves. */
  const prepare = async item => {
    if (item.isReady) return
    item.isReady = true
    if (!/^image\/(?!gif)/.test(item.file.type)) return
    try {
      const bitmap = await createImageBitmap(item.file)
      const picture = scaled(bitmap, THUMBNAIL_SIDE)
      const small = await jpeg(scaled(bitmap, SIDE), 0.82)
      if (small.size < item.file.size) item.small = named(small, `${item.file.name.replace(/\.\w+$/, '')}.jpg`)
      const thumbnail = await jpeg(picture, 0.6)
      if (thumbnail.size <= THUMBNAIL_BYTES) item.thumbnail = thumbnail
      item.picture = picture
      bitmap.close()
    } catch {}
  }

  /** By input: what was chosen, whether whole, and the list that shows it. */
  const chosen = new WeakMap()
  const stateOf = input => {
    if (!chosen.has(input)) chosen.set(input, { items: [], isOriginal: false, box: null, thumbnails: null })
    return chosen.get(input)
  }

  /** Writes what was chosen into the form. */
  const put = input => {
    const state = stateOf(input)
    const [files, thumbnails] = [new DataTransfer(), new DataTransfer()]
    for (const [i, { file, small, thumbnail }] of state.items.entries()) {
      files.items.add((!state.isOriginal && small) || file)
      if (thumbnail) thumbnails.items.add(named(thumbnail, `${i}.jpg`))
    }
    input.files = files.files
    state.thumbnails ??= make('input', { type: 'file', name: 'thumbnails', multiple: true, hidden: true })
    state.thumbnails.files = thumbnails.files
    input.after(state.thumbnails)
  }

  const validate = input => {
    const { tooMany, tooBig } = wordsOf(input)
    const files = [...input.files]
    const isBig = stateOf(input).items.every(({ isReady }) => isReady) && files.some(({ size }) => size > MAX_BYTES)
    const problem = files.length > MAX_FILES ? tooMany : isBig ? tooBig : ''
    input.setCustomValidity(problem)
    if (problem) input.reportValidity()
  }

  const draw = input => {
    const state = stateOf(input)
    const { remove, original } = wordsOf(input)
    state.box ??= make('div', { className: 'chosen' })
    const list = state.items.map(item => {
      const button = make('button', { type: 'button', className: 'small second', textContent: remove })
      button.setAttribute('aria-label', `${remove} ${item.file.name}`)
      button.addEventListener('click', () => {
        state.items = state.items.filter(each => each !== item)
        put(input)
        validate(input)
        draw(input)
        input.focus()
      })
      const sent = (!state.isOriginal && item.small) || item.file
      const size = make('small', { textContent: `${Math.ceil(sent.size / 1024)} KB` })
      return make('li', {}, item.picture ?? '', make('bdi', { textContent: item.file.name }), size, button)
    })
    const whole = make('input', { type: 'checkbox', checked: state.isOriginal })
    whole.addEventListener('change', () => {
      state.isOriginal = whole.checked
      put(input)
      validate(input)
      draw(input)
    })
    const hasSmaller = state.items.some(({ small }) => small)
    state.box.replaceChildren(
      ...(list.length > 0 ? [make('ul', {}, ...list)] : []),
      ...(hasSmaller ? [make('label', { className: 'tick' }, whole, ` ${original}`)] : []),
    )
    input.closest('.field').after(state.box)
  }

  const add = async (input, files) => {
    const state = stateOf(input)
    state.items.push(...files.map(file => ({ file })))
    // At once, as they are: they may be sent before they are smaller.
    put(input)
    validate(input)
    // One after another: a photo takes fifty megabytes while it is drawn.
    for (const item of [...state.items]) await prepare(item)
    put(input)
    validate(input)
    draw(input)
  }

  document.addEventListener('change', ({ target }) => {
    if (target.matches('input[type=file][data-words]')) add(target, [...target.files])
  })

  /** A button that opens the camera, on what has one. */
  const offerCamera = () => {
    if (!matchMedia('(pointer: coarse)').matches) return
    for (const input of document.querySelectorAll('input[type=file][data-words]:not([data-camera])')) {
      input.dataset.camera = ''
      const button = make('button', { type: 'button', className: 'second', textContent: wordsOf(input).camera })
      button.addEventListener('click', () => {
        const lens = make('input', { type: 'file', accept: 'image/*', capture: 'environment' })
        lens.addEventListener('change', () => add(input, [...lens.files]))
        lens.click()
      })
      input.after(button)
    }
  }

  // While sending -----------------------------------------------------------------------------------------------------

  const buttonOf = (form, submitter) => submitter ?? form.querySelector('button:not([type=button])')

  /** Beside the button, where the sender looks. */
  const tell = (form, text) => {
    const old = form.querySelector('.failed')
    const note = old ?? make('p', { className: 'failed', role: 'alert' })
    note.textContent = text
    if (!old) buttonOf(form).after(note)
  }

  /** As `fetch`, and counts in the button how much of the body is gone. Rejects where nothing was answered. */
  const send = (form, submitter, { url, body, headers = {}, signal }) =>
    new Promise((resolve, reject) => {
      const button = buttonOf(form, submitter)
      const { textContent } = button
      const { sending } = wordsOf(inputOf(form))
      const request = new XMLHttpRequest()
      request.open('POST', url)
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
      request.upload.addEventListener('progress', ({ loaded, total }) => {
        button.textContent = `${sending} ${Math.floor((100 * loaded) / total)} %`
      })
      request.addEventListener('loadend', () => {
        button.textContent = textContent
        if (request.status === 0) return reject(new TypeError('no answer'))
        const types = { 'Content-Type': request.getResponseHeader('Content-Type') ?? '' }
        const answer = new Response(request.responseText, { status: request.status, headers: types })
        resolve(Object.defineProperty(answer, 'url', { value: request.responseURL }))
      })
      signal?.addEventListener('abort', () => request.abort())
      request.send(body)
    })

  document.addEventListener('htmx:config:request', ({ detail: { ctx } }) => {
    const { form, submitter } = ctx.request
    if (inputOf(form)?.files.length)
      ctx.fetch = (url, { body, headers, signal }) => send(form, submitter, { url, body, headers, signal })
  })
  document.addEventListener('unsent', ({ target, detail }) => tell(target, detail))
  document.addEventListener('submit', ({ target }) => {
    const input = inputOf(target)
    const again = input ? wordsOf(input).again : document.getElementById('news')?.dataset.again
    if (target.querySelector('.failed')) tell(target, again ?? '')
  })

  /** The answer to a form of a page without htmx, in place of what stands in `main`. False where it is no page. */
  const redraw = text => {
    const next = new DOMParser().parseFromString(text, 'text/html')
    const main = next.querySelector('main')
    if (!main) return false
    document.title = next.title
    document.body.className = next.body.className
    document.querySelector('main').replaceWith(main)
    document.dispatchEvent(new Event('redrawn'))
    scrollTo(0, 0)
    const focus = main.querySelector('[autofocus], [role=alert], h1')
    focus?.setAttribute('tabindex', '-1')
    focus?.focus()
    return true
  }

  document.addEventListener('submit', async event => {
    const { target: form, submitter } = event
    const input = inputOf(form)
    if (event.defaultPrevented || !input || form.hasAttribute('hx-post')) return
    event.preventDefault()
    const button = buttonOf(form, submitter)
    const body = new FormData(form, submitter)
    const url = submitter?.hasAttribute('formaction') ? submitter.formAction : form.getAttribute('action')
    const { failed } = wordsOf(input)
    button.disabled = true
    try {
      const answer = await send(form, submitter, { url, body, headers: { Accept: 'text/html' } })
      const [text, isOver] = [await answer.text(), answer.status < 429]
      if (isOver && answer.url !== new URL(url, location.href).href) return location.assign(answer.url)
      if (isOver && redraw(text)) return history.replaceState(null, '', answer.url)
      tell(form, new DOMParser().parseFromString(text, 'text/html').querySelector('h1')?.textContent ?? failed)
    } catch {
      tell(form, failed)
    } finally {
      button.disabled = false
    }
  })

  // Looked at ---------------------------------------------------------------------------------------------------------

  const openPhoto = link => {
    const all = [...document.querySelectorAll('a[data-photo]')]
    let at = all.indexOf(link)
    const [previous, next, close] = link.closest('[data-words]').dataset.words.split('|')
    const picture = make('img')
    const title = make('a', { target: '_blank', rel: 'noopener' })
    const show = by => {
      at = (at + by + all.length) % all.length
      picture.src = all[at].href
      picture.alt = all[at].querySelector('bdi').textContent
      title.href = all[at].href
      title.replaceChildren(make('bdi', { textContent: picture.alt }))
    }
    const control = (label, sign, act) => {
      const button = make('button', { type: 'button', className: 'second', textContent: sign })
      button.setAttribute('aria-label', label)
      button.addEventListener('click', act)
      return button
    }
    const dialog = make('dialog', { className: 'photo' })
    const turns = all.length > 1 ? [control(previous, '‹', () => show(-1)), control(next, '›', () => show(1))] : []
    dialog.append(
      make(
        'p',
        {},
        title,
        ...turns,
        control(close, '×', () => dialog.close()),
      ),
      picture,
    )
    dialog.addEventListener('keydown', ({ key }) => {
      if (key === 'ArrowLeft') show(-1)
      if (key === 'ArrowRight') show(1)
    })
    dialog.addEventListener('click', ({ target }) => target === dialog && dialog.close())
    dialog.addEventListener('close', () => {
      dialog.remove()
      link.focus()
    })
    document.body.append(dialog)
    show(0)
    dialog.showModal()
  }
  document.addEventListener('click', event => {
    const link = event.target.closest('a[data-photo]')
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !window.HTMLDialogElement) return
    event.preventDefault()
    openPhoto(link)
  })

  offerCamera()
  // Chosen before this script was there.
  for (const input of document.querySelectorAll('input[type=file][data-words]'))
    if (input.files.length > 0) add(input, [...input.files])
  for (const kind of ['redrawn', 'htmx:after:swap']) document.addEventListener(kind, offerCamera)
})()
