// More comfort on the tracking page, for browsers that run it: the time left counts, new steps come by themselves,
// a form is answered in place. The page says and does everything without it.
;(() => {
  const VISIBLE_MS = 20_000
  const HIDDEN_MS = 300_000
  /** A page that nobody has touched for so long asks less often: it wakes the phone's radio. */
  const IDLE = [
    [60 * 60_000, 300_000],
    [15 * 60_000, 60_000],
  ]
  const PARTS = ['now', 'acts', 'story', 'more']
  const part = id => document.getElementById(id)
  const news = part('news')

  // Time left ---------------------------------------------------------------------------------------------------------

  /** How far the server's clock is ahead of this one: a phone's may be wrong by hours. */
  let ahead = 0
  const setClock = () => {
    const left = document.querySelector('.left')
    if (left) ahead = Number(left.dataset.now) - Date.now()
  }
  const amounts = ms => {
    const minutes = Math.floor(Math.abs(ms) / 60_000)
    return [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60]
  }
  const drawSpan = (strong, ms, { units, under }) => {
    const words = units.split('|').map(unit => unit.split('/'))
    const nodes = amounts(ms).flatMap((amount, i) => {
      if (amount === 0) return []
      const [part, number] = [document.createElement('span'), document.createElement('b')]
      part.className = 'unit'
      number.textContent = amount
      part.append(number, ` ${words[i][amount === 1 ? 0 : words[i].length - 1]}`)
      return [part, ' ']
    })
    strong.replaceChildren(...(nodes.length > 0 ? nodes : [under]))
  }
  let shown = ''
  const count = () => {
    const left = document.querySelector('.left')
    if (!left || document.hidden) return
    const ms = Date.parse(left.dataset.due) - Date.now() - ahead
    const said = `${amounts(ms)} ${ms > 0}`
    if (said === shown) return
    shown = said
    drawSpan(left.querySelector('strong'), ms, left.dataset)
    if (ms <= 0) left.querySelector('span').textContent = left.dataset.late
  }

  // News --------------------------------------------------------------------------------------------------------------

  let timer
  let askedAt = Date.now()
  let failures = 0
  let touchedAt = Date.now()
  for (const kind of ['pointerdown', 'keydown', 'scroll'])
    addEventListener(kind, () => (touchedAt = Date.now()), { passive: true })
  const visibleWait = () => IDLE.find(([after]) => Date.now() - touchedAt > after)?.[1] ?? VISIBLE_MS
  const plan = () => {
    clearTimeout(timer)
    // What is over seldom moves.
    const calm = document.hidden || !document.querySelector('.left')
    const wait = calm ? HIDDEN_MS : Math.min(visibleWait() * 2 ** failures, HIDDEN_MS)
    timer = setTimeout(ask, wait)
  }
  const ask = () => {
    askedAt = Date.now()
    const now = part('now')
    if (now?.dataset.news) htmx.trigger(now, 'poll')
    plan()
  }
  /** A new link took the place of this one, or its time is over: nothing that stands here will change any more. */
  const retire = () => {
    delete part('now').dataset.news
    say(news.dataset.gone, 'bad')
  }
  const isPoll = ({ sourceElement }) => sourceElement?.id === 'now'
  const newest = () => document.querySelector('.steps > .newest')
  const sentence = () => newest()?.querySelector('.what')?.textContent ?? ''
  const say = (text, look = '') => {
    news.className = look
    news.textContent = text
  }

  /** Somebody writes here: the part stays as it is until they are done. */
  const isBusy = element =>
    element.contains(document.activeElement) && /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)
      ? true
      : [...element.querySelectorAll('form')].some(form => [...form.elements].some(isChanged))
  const isChanged = field => {
    if (field.type === 'hidden' || field.tagName === 'BUTTON' || field.tagName === 'FIELDSET') return false
    if (field.type === 'checkbox' || field.type === 'radio') return field.checked !== field.defaultChecked
    if (field.tagName === 'SELECT')
      return [...field.options].some(each => each.selected !== each.defaultSelected && each.index > 0)
    return field.value !== field.defaultValue
  }

  let opened = []
  let before = ''
  const remember = () => {
    opened = [...document.querySelectorAll('main details[open]')].map(each => each.id)
    before = newest()?.id
  }
  const reopen = () => {
    for (const id of opened) {
      const it = part(id)
      // A form that was asked for is a link again.
      if (it?.matches('a.act')) it.click()
      else it?.setAttribute('open', '')
    }
  }

  // What a form answers -----------------------------------------------------------------------------------------------

  /** A link in whose place a form comes; after the swap the form is the source of the request. */
  const isOpening = ctx => (ctx.isOpening ??= ctx.sourceElement?.matches('a.act') === true)
  const showForm = form => {
    restore(form)
    form.querySelector('summary').focus()
    // Signed and sent with what stands on the page, so the page has to be as new as the form.
    if (form.querySelector('[name=seen]').value !== part('device')?.dataset.seen) ask()
  }

  /** The page, or the form again with what was wrong. Anything else would wipe out what was typed. */
  const isAnswer = status => status === 200 || status === 409 || status === 422 || status === 429

  const showAnswer = status => {
    if (status !== 200) return say('')
    storage(kept => kept.removeItem(sentDraft))
    say(news.dataset.done + sentence())
    const share = part('share')
    const goal = share && part('acts').contains(share) ? share : news
    goal.focus({ preventScroll: true })
    goal.scrollIntoView({ block: 'center' })
  }
  /** Beside the form's button (photos.js), where the sender looks. */
  const showFailure = (ctx, tasks) => {
    const told = tasks?.[0]?.fragment.querySelector('h1')?.textContent
    const detail = told || news.dataset.failed
    if (isOpening(ctx)) say(told || news.dataset.closed, 'bad')
    else ctx.sourceElement.dispatchEvent(new CustomEvent('unsent', { bubbles: true, detail }))
  }

  const enhance = () => {
    setClock()
    shown = ''
    count()
    for (const button of document.querySelectorAll('[data-copy]')) button.hidden = !navigator.clipboard
    for (const button of document.querySelectorAll('[data-send]')) button.hidden = !navigator.share
  }

  // Drafts ------------------------------------------------------------------------------------------------------------

  // What is being written is kept on this phone until it is sent, for a week.
  const WEEK_MS = 7 * 86_400_000
  const draftOf = form => `draft ${news.dataset.title} ${form.getAttribute('action').split('/').pop()}`
  const textsIn = form => [...form.querySelectorAll('textarea')]
  const storage = work => {
    try {
      return work(localStorage)
    } catch {}
  }
  const restore = (within = part('acts')) => {
    for (const form of within.querySelectorAll('form')) {
      const { at, texts = {} } = JSON.parse(storage(kept => kept.getItem(draftOf(form))) ?? '{}')
      if (Date.now() - at < WEEK_MS) for (const area of textsIn(form)) area.value ||= texts[area.name] ?? ''
    }
  }
  document.addEventListener('input', ({ target }) => {
    const { form } = target
    if (!form || target.tagName !== 'TEXTAREA') return
    const texts = Object.fromEntries(textsIn(form).map(({ name, value }) => [name, value]))
    storage(kept => kept.setItem(draftOf(form), JSON.stringify({ at: Date.now(), texts })))
  })
  let sentDraft = ''
  document.addEventListener('submit', ({ target }) => {
    sentDraft = draftOf(target)
    say('')
  })

  // A poll's answer of 304 changes nothing: asked by our own tag, so that it is not the browser that answers.
  document.addEventListener('htmx:config:request', ({ detail: { ctx } }) => {
    if (isPoll(ctx)) ctx.request.headers['If-None-Match'] = part('now').dataset.news
  })
  document.addEventListener('htmx:before:swap', event => {
    const { ctx, tasks } = event.detail
    const { status } = ctx.response
    failures = status < 500 ? 0 : failures + 1
    remember()
    if (isPoll(ctx)) {
      if (status === 404) retire()
      if (status !== 200) return event.preventDefault()
      for (let i = tasks.length - 1; i >= 0; i--) {
        const { target } = tasks[i]
        if (target && PARTS.includes(target.id) && isBusy(target)) tasks.splice(i, 1)
      }
    } else if (isOpening(ctx) ? status !== 200 : !isAnswer(status)) {
      event.preventDefault()
      showFailure(ctx, tasks)
    }
  })
  document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
    if (isPoll(ctx) || ctx.request?.headers['If-None-Match']) {
      reopen()
      enhance()
      if (ctx.title) document.title = ctx.title
      if (newest()?.id !== before) say(news.dataset.fresh + sentence())
      return
    }
    enhance()
    if (isOpening(ctx)) return showForm(ctx.sourceElement)
    showAnswer(ctx.response.status)
    plan()
  })
  document.addEventListener('htmx:error', ({ detail: { ctx } }) => {
    failures++
    if (ctx && !isPoll(ctx)) showFailure(ctx)
  })
  document.addEventListener('visibilitychange', () => {
    if (document.hidden || Date.now() - askedAt < 5000) return plan()
    count()
    ask()
  })
  addEventListener('online', ask)

  const openTarget = () => {
    const form = part(location.hash.slice(1))
    if (form?.tagName !== 'DETAILS') return
    for (let each = form; each; each = each.parentElement.closest('details')) each.open = true
    form.scrollIntoView({ block: 'center' })
  }
  addEventListener('hashchange', openTarget)

  document.addEventListener('click', async ({ target }) => {
    const button = target.closest('button')
    const link = part('share-link')?.value
    if (!button) return
    if ('send' in button.dataset) return navigator.share({ url: link }).catch(() => undefined)
    if (button.dataset.copy) {
      await navigator.clipboard.writeText(link)
      say(button.dataset.copy)
      button.textContent = button.dataset.copy
    }
  })

  // Photos ------------------------------------------------------------------------------------------------------------

  /** Loaded when the page is first touched: who only reads it needs none of it. */
  let loading
  let isTried = false
  const loadPhotos = () => {
    loading ??= new Promise(done => {
      const { photos: src, look: href } = news.dataset
      const script = Object.assign(document.createElement('script'), { src, onload: done, onerror: done })
      document.head.append(Object.assign(document.createElement('link'), { rel: 'stylesheet', href }), script)
    }).then(() => (isTried = true))
    return loading
  }
  for (const kind of ['pointerdown', 'keydown', 'change']) addEventListener(kind, loadPhotos, { once: true })
  document.addEventListener('click', async event => {
    const link = event.target.closest('a[data-photo]')
    if (!link || isTried || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    await loadPhotos()
    link.click()
  })

  // Paper opens nothing: whatever is folded in the story is printed whole.
  let folded = []
  addEventListener('beforeprint', () => {
    folded = [...document.querySelectorAll('#story details:not([open]):not(.mark)')]
    for (const each of folded) each.open = true
  })
  addEventListener('afterprint', () => {
    for (const each of folded) each.open = false
  })

  // Gone back to, a page comes out of the browser's store, and is as old as it was: a new one is asked for.
  if (performance.getEntriesByType('navigation')[0]?.type === 'back_forward') {
    part('now').dataset.news = '""'
    document.addEventListener('htmx:after:process', ask, { once: true })
  }

  enhance()
  restore()
  openTarget()
  plan()
  setInterval(count, 1000)
})()
