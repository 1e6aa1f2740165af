// Scripted sessions of a clerk and an officer by keyboard alone: what is pressed is counted, so that a page that loses its focus, a
// key or a default shows as keys. The test plays few complaints, `node bench/sessions.ts` 120 of a merchant among 480.

import type { Page } from 'playwright-core'

/** What a session cost. Machine time is spent waiting for pages; a person's is reckoned from keys (see bench/sessions.ts). */
export interface Cost {
  done: number
  keys: number
  pages: number
  /** Seconds from pressing a key that leads to a page until it can be used. */
  waited: number
}

export class Hands {
  readonly #page: Page
  keys = 0
  pages = 0
  waited = 0
  constructor(page: Page) {
    this.#page = page
  }

  get page(): Page {
    return this.#page
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) {
      this.keys++
      await this.#page.keyboard.press(key)
    }
  }

  /** Each character is a key. */
  async write(text: string): Promise<void> {
    this.keys += [...text].length
    await this.#page.keyboard.insertText(text)
  }

  /** A key that leads to another page. */
  async go(key: string): Promise<void> {
    const began = performance.now()
    const loaded = this.#page.waitForEvent('load')
    await this.press(key)
    await loaded
    this.pages++
    this.waited += (performance.now() - began) / 1000
  }

  /** Tab, as often as it takes to reach what matches; throws where it is out of reach. */
  async tabTo(selector: string, back = false): Promise<void> {
    for (let i = 0; i < 200; i++) {
      if (await this.focused(selector)) return
      await this.press(back ? 'Shift+Tab' : 'Tab')
    }
    throw new Error(`no Tab leads to ${selector}`)
  }

  focused(selector: string): Promise<boolean> {
    return this.#page.evaluate(asked => document.activeElement?.matches(asked) ?? false, selector)
  }

  cost(done: number): Cost {
    return { done, keys: this.keys, pages: this.pages, waited: this.waited }
  }
}

/** How a clerk decides about the order of a complaint. */
export type Decision = 'agree' | 'offer' | 'reject' | 'ask'

/** Works off what waits for the clerk, one after another, once round; orders without a decision are passed over. */
export const clerkSession = async (page: Page, decide: (orderId: string) => Decision | null): Promise<Cost> => {
  const hands = new Hands(page)
  let done = 0
  const seen = new Set<string>()
  await page.goto(`${new URL(page.url()).origin}/merchant?turn=mine`)
  await hands.press('j')
  await hands.go('Enter')
  for (;;) {
    // Behind the last, `n` begins again with the first.
    const at = new URL(page.url()).pathname
    if (seen.has(at)) return hands.cost(done)
    seen.add(at)
    const order = await page.locator('section[aria-labelledby=claim]').innerText()
    const decision = decide(/\b(P26-\d+)\b/.exec(order)?.[1] ?? '')
    if (decision !== null) {
      await answer(hands, decision)
      done++
    }
    if ((await page.locator('[data-key=n]').count()) === 0) return hands.cost(done)
    await hands.go('n')
  }
}

const answer = async (hands: Hands, decision: Decision): Promise<void> => {
  switch (decision) {
    case 'agree':
      await hands.press('a')
      return hands.go('Enter')
    case 'offer':
      await hands.press('r')
      await hands.tabTo('#offer input[name="offer.amount.value"]')
      await hands.write('20.00')
      await hands.tabTo('#offer textarea[name=statement]')
      await hands.write('退您二十元，商品留用。')
      return hands.go('Control+Enter')
    case 'reject':
      await hands.press('x')
      // The second ground of the list.
      await hands.press('ArrowDown', 'ArrowDown')
      await hands.tabTo('#rejection textarea[name=statement]')
      await hands.write('已核对，与页面一致。')
      return hands.go('Control+Enter')
    case 'ask':
      await hands.press('m')
      await hands.write('请发一张照片。')
      return hands.go('Control+Enter')
    default:
      return decision satisfies never
  }
}

/** A page of complaints at once, those that wait for an answer and are agreed to, as long as there are any of a flood. */
export const clerkBulk = async (page: Page): Promise<Cost> => {
  const hands = new Hands(page)
  await page.goto(`${new URL(page.url()).origin}/merchant?turn=mine&state=awaiting_merchant`)
  const waiting = page.locator('tbody tr', { hasText: 'P26-' })
  let done = 0
  for (let rows = await waiting.count(); rows > 0; rows = await waiting.count()) {
    await hands.press('s', 'b')
    await hands.go('Enter')
    await hands.press('r')
    await hands.go('Enter')
    await hands.press('a')
    await hands.go('Enter')
    const sent = await page.locator('.notice h2 + ul > li', { hasText: '已发送' }).count()
    if (sent === 0) throw new Error('nothing was answered')
    done += sent
    await hands.go('l')
  }
  return hands.cost(done)
}

/** What the officer of a flooded desk was shown, beside what it cost. */
export interface OfficerSession {
  cost: Cost
  /** Ids in the order of the first page. */
  first: string[]
  /** How many of a merchant wait, as its first row says, and as the list behind that link counts. */
  told: number
  related: number
  taken: number
  /** Of the rulings of one batch: the ids that were ruled on, and the one that had moved. */
  ruled: string[]
  moved: string[]
}

const RULED = 6
const numberIn = (text: string): number => Number(/\d+/.exec(text)?.[0])

/**
 * The most urgent case first; the others of its merchant; all of a page taken; one asked for evidence; six ruled on together with one
 * rule and own facts, of which `move` moves one meanwhile; each row's result is read.
 */
export const officerSession = async (page: Page, move: (id: string) => Promise<unknown>): Promise<OfficerSession> => {
  const hands = new Hands(page)
  await page.goto(`${new URL(page.url()).origin}/desk`)
  const idsIn = (selector: string) => page.locator(selector).evaluateAll(all => all.map(each => each.textContent ?? ''))
  const first = await idsIn('tbody th a')

  // The most urgent case, and from it the others of its merchant.
  await hands.press('j')
  await hands.go('Enter')
  await hands.go('l')
  await hands.press('j')
  await hands.tabTo('tbody td a[href*="merchant="]')
  const told = numberIn(await page.locator(':focus').innerText())
  await hands.go('Enter')
  const related = numberIn(await page.locator('caption small').innerText())

  // All of this page are taken.
  await hands.press('s', 't')
  await hands.go('Enter')
  await hands.press('r')
  await hands.go('Enter')
  const taken = await page.locator('.notice.good li').count()
  await hands.go('l')

  // One is asked for evidence.
  await hands.press('j')
  await hands.go('Enter')
  await hands.press('e', 'ArrowDown')
  await hands.tabTo('#evidence-requests textarea')
  await hands.write('请双方提供发货前后的照片。')
  await hands.go('Control+Enter')
  await hands.go('l')

  // Six of them are ruled on together.
  await hands.press('j')
  const row = page.locator('tbody tr:has(:focus)')
  for (let chosen = 0; chosen < RULED; ) {
    if (/保温杯/.test(await row.innerText())) {
      chosen++
      await hands.press('x')
    }
    await hands.press('j')
  }
  await hands.press('r')
  await hands.go('Enter')
  const chosen = (
    await page
      .locator('form.batch input[name$=".include"]')
      .evaluateAll(all => all.map(each => each.getAttribute('name') ?? ''))
  ).map(name => name.slice(1, 11))
  await hands.press('r')
  await hands.tabTo('textarea[name=rule]')
  await hands.write('平台规则 4.2')
  await hands.tabTo('textarea[name=reasons]')
  await hands.write('商家逾期没有答复。')
  for (const id of chosen) {
    await hands.tabTo(`textarea[name="c${id}.facts"]`)
    await hands.write(`${id.slice(-4)}：买家有照片。`)
    await hands.press('Tab', 'Space')
  }
  await hands.go('Control+Enter')
  await move(chosen[2] ?? '')
  await hands.press('a')
  await hands.go('Enter')
  const results = page.locator('.notice h2 + ul > li')
  const lines = await results.evaluateAll(all =>
    all.map(each => [each.querySelector('a')?.textContent ?? '', each.querySelector('.bad') === null] as const),
  )
  return {
    cost: hands.cost(1),
    first,
    told,
    related,
    taken,
    ruled: lines.flatMap(([id, good]) => (good ? [id] : [])),
    moved: lines.flatMap(([id, good]) => (good ? [] : [id])),
  }
}
