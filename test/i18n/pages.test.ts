import { describe, expect, test } from 'vitest'
import { REFUSALS } from '../../src/complaint/command.ts'
import { toComplaintView } from '../../src/complaint/view/complaint-view.ts'
import { LOCALES, type Locale } from '../../src/complaint/words.ts'
import { STORIES } from '../../src/demo/stories.ts'
import { MESSAGES } from '../../src/i18n/languages.ts'
import { entry } from '../../src/i18n/values.ts'
import { EDGE_ERRORS } from '../../src/routes/problem.ts'
import { languages } from '../../src/views/context.ts'
import { demoPage, phonePage } from '../../src/views/demo/page.ts'
import { notFoundPage, pickupSentPage, problemPage } from '../../src/views/errors.ts'
import { homePage } from '../../src/views/intake/home.ts'
import { VERIFY_WORDS, verifyPage } from '../../src/views/log/verify.ts'
import { trackingPage } from '../../src/views/track/page.ts'
import { type Fillings, faults, textsOf } from '../support/scripts.ts'
import { demo, type Story, stories } from '../views/fixtures.ts'

const COUNTED =
  /^(hours|workingDays|handoffCount|notices|witnesses|count|note|noteClosed|tooLong|fileSize|fileCount|size|stepNo|code)$/
const fillings: Fillings = name => {
  if (name === 'times') return [1, 2].map(count => ['Seller', count])
  if (name === 'usual') return [1, 48].map(hours => ['X', 'Y', hours])
  return COUNTED.test(name) ? [1, 2, 96, 2_000_000].map(count => [count]) : [['Seller', 'X']]
}

// What hostile people write is drawn escaped, and tested where that matters.
const told = Object.entries(stories).filter(([name]) => name !== 'hostile')

const placeholders = (text: string) => (text.match(/\{\w+\}/g) ?? []).toSorted()
/** A unit may have one word or two: languages differ there. */
const keysOf = (words: object) =>
  textsOf(words, fillings).flatMap(([path]) => (path.startsWith('card.units.') ? [] : [path]))

/** A page's words, as somebody reads them; the names and texts of the parties stand as X. */
const read = (page: string, theirs: readonly string[] = []): string => {
  const shown = page.replace(/<nav class="langs".*?<\/nav>/s, '').replace(/<(script|option)[^>]*>\s*<\/\1>/g, '')
  const spoken = [...shown.matchAll(/ (?:aria-label|alt|data-(?:fresh|done|failed|late|under|units|copy))="([^"]*)"/g)]
  const said = [shown.replace(/<[^>]*>/g, ' '), ...spoken.map(match => match[1])].join(' ')
  return theirs.reduce((text, own) => text.replaceAll(own, 'X'), said.replace(/\s+/g, ' '))
}

const foreignIn = (value: unknown): string[] => {
  if (typeof value === 'string') return /\p{Script=Han}/u.test(value) ? [value.replace(/\s+/g, ' ')] : []
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(foreignIn) : []
}

const draw = (story: Story, locale: Locale, scope: 'act' | 'view', more: object = {}) => {
  const page = languages(MESSAGES, { verifyUrl: '/verify' })(locale)
  const { id, entries, now } = story
  const [reader, role] = scope === 'act' ? (['buyer', 'buyer'] as const) : (['share', null] as const)
  const view = toComplaintView({ id, entries, reader, role, now, dictionary: page.dictionary })
  const { steps, complaint } = view
  const theirs = foreignIn([steps.map(({ by, fields, cites }) => [by.name, fields, cites]), complaint])
  const own = theirs.filter(text => !Object.values<string>(page.dictionary.roles).includes(text))
  const html = String(trackingPage(view, story.page({ ...page, scope, ...more })))
  return {
    html,
    text: read(
      html,
      own.toSorted((a, b) => b.length - a.length),
    ),
  }
}

describe.each(LOCALES)('%s', locale => {
  const page = languages(MESSAGES, { verifyUrl: '/verify' })(locale)
  const right = (text: string, of: string) => expect({ of, faults: faults(locale, text) }).toEqual({ of, faults: [] })

  test('has every word of the pages', () => {
    expect(page.locale).toBe(locale)
    expect(keysOf({ ...page.words, pages: {} })).toEqual(keysOf({ ...MESSAGES['zh-CN'].track, pages: {} }))
    for (const [path, text] of textsOf(page.words, fillings)) right(text, path)
  })

  test('has every word of the verifier, with the same blanks to fill', () => {
    const [words, first] = [VERIFY_WORDS[locale], VERIFY_WORDS['zh-CN']]
    expect(keysOf(words)).toEqual(keysOf(first))
    const blanks = textsOf(first, fillings).map(([, text]) => placeholders(text))
    textsOf(words, fillings).forEach(([path, text], i) => {
      expect([path, placeholders(text)]).toEqual([path, blanks[i]])
      right(text.replaceAll(/\{\w+\}/g, '7'), path)
    })
  })

  test.each(told)('tells the story %s, to the buyer and to others', (name, story) => {
    for (const scope of ['act', 'view'] as const) {
      const { html, text } = draw(story(), locale, scope)
      expect(html).toContain(`<html lang="${locale}">`)
      right(text.replaceAll(/tousu\.example|_/g, ''), name)
    }
  })

  test('says why an act was refused, whatever the code', () => {
    const { byCode, other } = page.words.refusals
    for (const code of [...Object.keys(REFUSALS), ...Object.keys(EDGE_ERRORS)]) {
      const form = { act: 'messages', values: {}, problems: [], refusal: code }
      expect(draw(stories.fresh(), locale, 'act', { form }).text).toContain(entry(byCode, code) ?? other)
    }
  })

  test('labels each field of each act that comes back', () => {
    for (const [, story] of told) {
      for (const act of Object.keys(page.words.acts.words)) {
        const problems = ['reason', 'text', 'seq'].map(field => ({ field, message: page.words.problems.required }))
        const { text } = draw(story(), locale, 'act', { form: { act, values: {}, problems, refusal: 'stale' } })
        right(text.replaceAll(/tousu\.example|_/g, ''), act)
      }
    }
  })

  test('speaks on the front page, after errors, in the demo and where receipts are checked', () => {
    const plain = { ...demo, stories: STORIES.map(({ name, title }) => ({ ...demo.stories[0]!, name, title })) }
    const pages = {
      home: homePage(page, {
        pickup: { values: {}, problems: [{ field: 'code', message: page.words.problems.required }] },
      }),
      notFound: notFoundPage(page),
      problem: problemPage(page, { status: 503, title: page.words.refusals.other }),
      sent: pickupSentPage(page),
      demo: demoPage(page, plain),
      phone: phonePage(page, []),
      verify: verifyPage(page, ['/log/0/policy']),
    }
    for (const [name, html] of Object.entries(pages)) {
      expect(String(html)).toContain(`<html lang="${locale}">`)
      right(read(String(html)).replaceAll(/[a-z]+_\w+/g, 'X'), name)
    }
  })
})
