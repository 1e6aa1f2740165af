import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { encode } from 'uqr'
import { describe, expect, test } from 'vitest'
import type { ComplaintView, StepView } from '../../../src/complaint/view/types.ts'
import { CLOSED_STATES, STATES, STEP_KINDS } from '../../../src/complaint/words.ts'
import type { TrackContext } from '../../../src/views/context.ts'
import { qrFile } from '../../../src/views/qr.ts'
import { trackingPage } from '../../../src/views/track/page.ts'
import { by, photo, Story, stories } from '../fixtures.ts'

const draw = (story: Story, more: Partial<TrackContext> = {}): string =>
  String(trackingPage(story.view(more.scope), story.page(more)))

/** The words of a page, as somebody reads them. */
const read = (page: string): string =>
  page
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()

/** Anything that runs or looks otherwise than from our own files. */
const FOREIGN = / style=|<style|<script(?! src="\/[a-z.]+" defer><\/script>)|javascript:/
const NONSENSE = /undefined|\[object|NaN|Invalid Date|null/

describe('every story', () => {
  test.each(Object.entries(stories))('%s is drawn whole, for the buyer and for a shared link', (_name, story) => {
    for (const scope of ['act', 'view'] as const) {
      const page = draw(story(), { scope })
      expect(read(page)).not.toMatch(NONSENSE)
      expect(page).not.toMatch(FOREIGN)
      expect(duplicates([...page.matchAll(/ id="([^"]+)"/g)].map(match => match[1]!))).toEqual([])
    }
  })

  test('together they reach every state', () => {
    const reached = new Set(Object.values(stories).map(story => story().view().complaint.state))
    expect(STATES.filter(state => !reached.has(state))).toEqual([])
  })

  test.each(Object.entries(stories))('%s has no form on its shared page', (_name, story) => {
    const page = draw(story(), { scope: 'view' })
    expect(page).not.toContain('<form')
    expect(page).not.toMatch(/<button(?![^>]* type="button")/)
    expect(page).not.toMatch(/王小芳|13812345678|2026111900451187|5678/)
    expect(page).toContain('只能看，不能操作')
  })
})

test.each(STEP_KINDS)('a step of the kind %s is drawn with whatever it says', kind => {
  const view = stories.fresh().view()
  const said = {
    reason: '理由一',
    text: '内容一',
    officer: '赵',
    field: 'reason',
    seq: 0,
    of: 0,
    party: 'merchant',
    desk: '质检组',
    score: 4,
  }
  const step = {
    ...view.steps[1]!,
    seq: 2,
    kind,
    fields: { ...said, due: view.complaint.due!, firstDue: view.complaint.due! },
  }
  const page = String(trackingPage({ ...view, steps: [...view.steps, step] }, stories.fresh().page()))
  expect(read(page)).not.toMatch(NONSENSE)
})

describe('the card', () => {
  test('says who must act, by when, and how long is left to the minute', () => {
    const words = read(draw(stories.fresh()))
    expect(words).toContain('等商家答复，您要求退款 189.00 元 法式碎花连衣裙 蓝色 M 码 · 鹿角服饰旗舰店')
    expect(words).toContain('商家还有 1 天 23 小时 36 分钟')
    expect(words).toContain('最晚 11月23日 18:05 后天')
  })

  test('turns to the buyer when it is their turn, with the offer that they decide about', () => {
    const words = read(draw(stories.offer()))
    expect(words).toContain('轮到您了')
    expect(words).toContain('商家方案 部分退款 60.00 元')
    expect(read(draw(stories.offer(), { scope: 'view' }))).not.toContain('轮到您了')
  })

  test('an overdue supervisor is unmistakable, and the way outside is shown', () => {
    const page = draw(stories.passedAround())
    expect(page).toContain('class="card late"')
    expect(read(page)).toContain('平台主管已逾期 2 天 16 小时')
    expect(page).toContain('href="tel:12315"')
    expect(page).toContain('https://www.12315.cn/')
    expect(read(page)).toContain('转交 3 次')
  })

  test('no way outside is pushed while somebody inside still has time', () => {
    expect(draw(stories.fresh())).not.toContain('12315.cn')
  })

  test('an extended deadline keeps the first date beside the new one', () => {
    const words = read(draw(stories.extended()))
    expect(words).toContain('11月24日 18:05')
    expect(words).toContain('原定 11月23日 18:05')
  })

  test('a date that a declared surge lengthened says so, beside the usual one', () => {
    const { complaint, ...view } = stories.fresh().view()
    const surge = { name: '双十一', hours: 24, basis: 'platform_rule' as const, source: '平台公告' }
    const longer = { due: '2026-11-24T10:05:00.000Z', usualDue: complaint.due, surge, rule: `${complaint.rule}+surge` }
    const words = read(
      String(trackingPage({ ...view, complaint: { ...complaint, ...longer } }, stories.fresh().page())),
    )
    expect(words).toContain('11月24日 18:05')
    expect(words).toContain('平时是 11月23日 18:05，双十一期间延长 24 小时')
    expect(words).toMatch(/商家答复时限.{0,3}48 小时 ?（平台规则）/)
  })

  test('a date that rests on holidays not announced yet says so', () => {
    const view = stories.appealed().view()
    const page = trackingPage(
      { ...view, complaint: { ...view.complaint, provisional: true } },
      stories.appealed().page(),
    )
    expect(read(String(page))).toContain('暂定日期')
  })

  test('a lapse is never called solved', () => {
    const page = draw(stories.lapsed())
    expect(read(page)).toContain('未经您确认而关闭')
    expect(page).toContain('class="card shut"')
    expect(read(page)).not.toContain('已解决（买家确认）')
    expect(read(draw(stories.lapsed(), { scope: 'view' }))).toContain('未经买家确认而关闭')
  })

  test.each(CLOSED_STATES)('%s has a sentence for the buyer and one for others', state => {
    const { words } = stories.fresh().page()
    expect(words.closed[state]).toBeTruthy()
    expect(words.closedForYou[state]).toBeTruthy()
  })
})

describe('the timeline', () => {
  const order = (page: string) => [...page.matchAll(/<li id="step-(\d+)"/g)].map(match => Number(match[1]))

  test('the newest step stands first, and reminders share a line', () => {
    const page = draw(stories.proven())
    expect(order(page)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1])
    expect(read(page)).toContain('短信提醒 3 条')
  })

  test('a machine is called a machine, a human a human', () => {
    const words = read(draw(stories.robot()))
    expect(words).toContain('机器回复的内容')
    expect(words).toMatch(/商家 鹿角服饰旗舰店 机器/)
    expect(read(draw(stories.ruled()))).toMatch(/平台 赵承宇 P0217 人工 按时/)
  })

  test('an answer on time is told from a late one, and a better offer after silence is neither', () => {
    const onTime = '<span class="tag good">按时</span>'
    expect(draw(stories.offer())).toContain(onTime)
    const late = new Story().after(60).act('responses', by.shop, {
      answer: 'offer',
      statement: '补偿',
      offer: { kind: 'partial_refund', amount: { value: '50.00', currency: 'CNY' } },
    })
    expect(draw(late)).not.toContain(onTime)
    const ruledLate = new Story().after(48 + 73).act('rulings', by.officer('钱'), {
      outcome: 'for_merchant',
      facts: '一',
      rule: '二',
      reasons: '三',
    })
    expect(read(draw(ruledLate))).toMatch(/人工 逾期/)
  })

  test('a ruling shows the staff number and how to ask for another officer', () => {
    const words = read(draw(stories.ruled()))
    expect(words).toContain('承办人工号：赵承宇 P0217')
    expect(words).toContain('回避')
  })

  test('files are links by their hash, and what was erased is said', () => {
    const { sha256 } = photo('对比图.jpg')
    expect(draw(stories.fresh())).toContain(`href="/t/q83vASNFZ4mrze8BI0VniavN7/files/${sha256}"`)
    const erased = draw(stories.erased())
    expect(erased).not.toContain(sha256)
    expect(read(erased)).toContain('文件 1 内容已删除')
  })
})

describe('hostile text', () => {
  const hostile = '"><script>alert(1)</script>\'<img src=x onerror=y>\u202Egnp.exe\u2069'
  const story = () =>
    new Story('7K3M9QXA2P', {
      statement: hostile,
      merchantName: hostile,
      item: hostile,
      orderId: hostile,
      buyer: { name: hostile, phone: '13812345678' },
    })
      .act('evidence', by.buyer, { text: hostile, files: [photo(hostile)] })
      .after(60)
      .act('assignment', by.officer(hostile), { officer: hostile, desk: hostile })

  test('stays text, wherever it stands', () => {
    for (const scope of ['act', 'view'] as const) {
      const page = draw(story(), { scope })
      expect(page).not.toMatch(FOREIGN)
      expect(page).not.toContain('<img src=x')
    }
  })

  test("can't turn our own words around", () => {
    const outsideQuotes = draw(story()).replace(/<p dir="auto">[^<]*<\/p>/g, '')
    expect(outsideQuotes).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/)
  })

  test('typed values come back as text', () => {
    const form = { act: 'messages', values: { text: `\n${hostile}</textarea>` }, problems: [], refusal: hostile }
    const page = draw(story(), { form })
    expect(page).not.toMatch(FOREIGN)
    expect(page).toContain('&lt;/textarea&gt;')
  })

  test('a file without a proper hash is no link', () => {
    const view = stories.fresh().view()
    const file = { sha256: '../../receipt.json', name: 'x', type: 'y', size: 1 }
    const steps = view.steps.map((step): StepView => ({ ...step, fields: { file1: file } }))
    expect(String(trackingPage({ ...view, steps }, stories.fresh().page()))).not.toContain('files/..')
  })
})

describe('forms', () => {
  const actions = (page: string) => [...page.matchAll(/ action="\/t\/[^/"]+\/([a-z-]+)"/g)].map(match => match[1]!)

  /** Devices have a list of their own, with a form for each. */
  const withForm = (told: Story) => told.view().actions.filter(act => !act.startsWith('device-key'))
  const withoutDevices = (page: string) => page.replace(/<section[^>]* id="device".*?<\/section>/s, '')

  /** Acts whose form comes when it is asked for. */
  const links = (page: string) =>
    [...page.matchAll(/<a class="act" id="([a-z-]+)" href="\/t\/[^/"]+\?act=\1#\1"/g)].map(match => match[1]!)

  test.each(Object.entries(stories))('%s offers each act of the buyer once', (_name, story) => {
    const told = story()
    const buyers = withForm(told)
    const page = withoutDevices(draw(told))
    const acts = page.slice(page.indexOf('<div id="acts">'))
    expect([...actions(acts), ...links(acts)].sort()).toEqual([...buyers].sort())
    for (const act of links(acts)) {
      const asked = draw(told, { form: { act, values: {}, problems: [] } })
      expect(asked, act).toMatch(new RegExp(`<details class="act " id="${act}" open>`))
      expect(links(asked)).toEqual(links(acts).filter(each => each !== act))
      expect(asked).not.toContain('role="alert" tabindex')
    }
  })

  test('the likeliest two are buttons', () => {
    expect(mainOf(draw(stories.offer()))).toEqual(['offer-acceptance', 'offer-refusal'])
    expect(mainOf(draw(stories.proven()))).toEqual(['confirmation', 'dispute'])
    expect(mainOf(draw(stories.lapsed()))).toEqual(['reopening', 'offer-acceptance'])
  })

  test('whoever only heard a robot may ask for a human first', () => {
    expect(mainOf(draw(stories.robot()))).toEqual(['evidence', 'messages'])
    const unheard = new Story()
      .after(1)
      .act('responses', by.robot, { answer: 'reject', statement: '亲亲，您的反馈已收到' })
      .after(1)
    expect(mainOf(draw(unheard))[0]).toBe('human-request')
    expect(read(draw(unheard))).toContain('不想跟机器说？要求人工处理')
    expect(read(draw(unheard, { scope: 'view' }))).not.toContain('不想跟机器说')
  })

  test('every form says which page it was drawn on', () => {
    const told = stories.offer()
    const newest = told.view().steps.at(-1)!.leaf
    const page = draw(told, { form: { act: 'withdrawal', values: {}, problems: [] } })
    const seen = [...page.matchAll(/name="seen" value="([^"]+)"/g)].map(match => match[1])
    expect(seen).toEqual([newest, newest, newest])
  })

  test('acceptance names the offer that was seen, and says when goods go back first', () => {
    const page = draw(stories.returnOffer())
    expect(page).toContain('<input type="hidden" name="offer" value="1">')
    expect(read(page)).toContain('这个方案要先把商品寄回')
  })

  test('evidence is multipart, a withdrawal asks twice', () => {
    const page = draw(stories.fresh(), { form: { act: 'withdrawal', values: {}, problems: [] } })
    expect(page).toMatch(/action="[^"]+\/evidence" hx-post="[^"]+\/evidence" enctype="multipart\/form-data"/)
    expect(page).toMatch(/name="files"[^>]* multiple/)
    expect(page).toMatch(/type="checkbox" value="yes" [^>]*name="confirm" required/)
  })

  test('a form comes back open, as it was typed, with each problem at its field', () => {
    const form = {
      act: 'offer-refusal',
      values: { reason: '太"少"了', 'counter.kind': 'partial_refund', 'counter.amount.value': '一百' },
      problems: [{ field: 'counter.amount.value', message: '金额请写成数字' }],
    }
    const page = draw(stories.offer(), { form })
    expect(page).toMatch(/<details class="act " id="offer-refusal" open/)
    expect(page).toContain('太&quot;少&quot;了</textarea>')
    expect(page).toContain('<option value="partial_refund" selected>')
    expect(page).toMatch(/value="一百"/)
    expect(page).toMatch(/aria-describedby="offer-refusal-counter-amount-value-problem" aria-invalid="true"/)
    expect(page).toContain('<a href="#offer-refusal-counter-amount-value">')
  })

  test('a form under 更多 opens that too', () => {
    const form = { act: 'withdrawal', values: { reason: 'other' }, problems: [{ field: 'confirm', message: '请勾选' }] }
    const page = draw(stories.fresh(), { form })
    expect(page).toMatch(/<details class="fold more" id="more-acts" open/)
    expect(page).toMatch(/value="other" required checked/)
  })

  test('a refusal is told in words, also when its code is new', () => {
    const refused = (refusal: string) =>
      read(draw(stories.offer(), { form: { act: 'offer-acceptance', values: {}, problems: [], refusal } }))
    expect(refused('offer_changed')).toContain('商家刚刚换了方案')
    expect(refused('never_heard_of')).toContain('请看看最新的进度')
  })
})

describe('a share link', () => {
  const shareUrl = 'https://t.tousu.example/t/q83vASNFZ4mrze8BI0VniavM7'
  const shared = (story: Story) => draw(story, { shared: shareUrl })

  test('that was just made stands above the steps, else below', () => {
    const [made, later] = [shared(stories.shared()), shared(stories.shared().act('messages', by.shop, { text: '在' }))]
    expect(made.indexOf('id="share-link"')).toBeLessThan(made.indexOf('id="story"'))
    expect(later.indexOf('id="share-link"')).toBeGreaterThan(later.indexOf('id="story"'))
  })

  test('has its code to scan, dark on light, in a file that is loaded when it is looked at', () => {
    expect(shared(stories.shared())).toMatch(/<img class="qr" src="\/t\/[^"]+\/share.svg" alt="[^"]+" loading="lazy"/)
    const [, size = '', path = ''] =
      /^<svg xmlns="[^"]+" viewBox="0 0 (\d+) \d+"><path fill="#fff"[^>]*><path d="([^"]+)"/.exec(
        String(qrFile(shareUrl)),
      ) ?? []
    const dark = new Set<string>()
    for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
      for (let i = 0; i < Number(length); i++) dark.add(`${Number(x) + i} ${y}`)
    }
    const { data } = encode(shareUrl, { ecc: 'M', border: 4 })
    expect(Number(size)).toBe(data.length)
    data.forEach((row, y) => {
      row.forEach((isDark, x) => {
        expect(dark.has(`${x} ${y}`)).toBe(isDark)
      })
    })
  })
})

describe('on paper', () => {
  test('the page says of what and of when it is, and where it is checked', () => {
    const page = draw(stories.ruled())
    expect(read(page)).toContain('投诉编号 7K3M9QXA2P，打印的是 2026-11-24 13:17 的进度（北京时间）。')
    expect(read(page)).toContain('https://t.tousu.example/verify')
  })
})

test('a small photo is seen, a large one waits to be asked for', () => {
  const page = (size: number) =>
    draw(new Story().act('evidence', by.buyer, { text: '照片', files: [photo('对比图.jpg', size)] }))
  expect(page(300_000)).toMatch(/<img src="[^"]+" alt="照片：对比图.jpg" loading="lazy"/)
  expect(page(3_000_000)).not.toContain('<img')
})

test('an act whose page was old hears what changed', () => {
  const told = stories.offer()
  const form = {
    act: 'escalation',
    values: { reason: '还是不行' },
    problems: [],
    refusal: 'stale',
    changed: told.view().steps.slice(1),
  }
  const words = read(draw(told, { form }))
  expect(words).toContain('您打开这一页之后，进度有了变化。 这期间发生了：')
  expect(words).toContain('商家提出处理方案：部分退款 60.00 元 您填的内容还在')
  expect(draw(told, { form })).toContain('<a href="#escalation">')
})

test('what was written for an act that can’t be done any more is not lost', () => {
  const values = { reason: 'other', text: '我改变主意了<b>', confirm: 'yes', seen: 'A'.repeat(43) }
  const form = { act: 'withdrawal', values, problems: [], refusal: 'closed' }
  const page = draw(stories.lapsed(), { form })
  const alert = page.slice(page.indexOf('role="alert"'), page.indexOf('id="now"'))
  expect(read(alert)).toContain('我改变主意了&lt;b&gt;')
  expect(alert).not.toMatch(/other|AAAA|href="#withdrawal"/)
})

test('witnesses are counted, or waited for', () => {
  expect(read(draw(stories.fresh()))).toContain('2 方见证')
  expect(read(draw(stories.fresh(), { checked: { witnesses: 0 } }))).toContain('等待见证')
})

test('a ledger that takes no steps: the page says so above what it promises', () => {
  const notice = /<div id="now"[^>]*><p class="notice bad" role="status">系统暂停记录/
  expect(draw(stories.offer(), { isHalted: true })).toMatch(notice)
  expect(draw(stories.offer())).not.toContain('系统暂停记录')
})

test('the bar charges every hour, late ones striped', () => {
  const page = draw(stories.passedAround())
  expect(page).toContain('fill="url(#late)"')
  expect(read(page)).toContain('其中逾期 2 天 16 小时')
})

/** Twelve steps with something to read in each, and a form for everything. */
const twelve = (): Story =>
  stories
    .ruled()
    .act('messages', by.shop, { text: '今天财务会处理退款，请留意到账短信，有问题随时联系我们。' })
    .act('fulfilment', by.shop, {
      statement: '已原路退款 95 元',
      proof: '支付流水 4200002871202611',
      files: [photo('退款.png')],
    })
    .after(20)
    .act('dispute', by.buyer, { reason: '银行卡没有收到这笔钱，流水号查不到。' })
    .act('assignment', by.officer('周明 P0330'), { officer: '周明 P0330', reason: '原承办人休假' })
    .act('evidence-requests', by.officer('周明 P0330'), { from: 'merchant', request: '请提供银行回单。' })
    .after(30)
    .act('evidence', by.shop, { text: '银行回单见附件，到账需要一到三个工作日。', files: [photo('回单.pdf')] })
    .act('messages', by.buyer, { text: '今天到账了吗？我再查一下。' })

describe('twelve steps', () => {
  const css = readFileSync(new URL('../../../public/app.css', import.meta.url))
  const view: ComplaintView = twelve().view()

  test('weigh at most 14 KB with their CSS', () => {
    expect(view.steps).toHaveLength(12)
    const [html, sheet] = [gzipSync(draw(twelve())).length, gzipSync(css).length]
    expect(html + sheet).toBeLessThan(14 * 1024)
  })
})

function mainOf(page: string): string[] {
  const start = page.indexOf('<section class="acts"')
  return [...page.slice(start, page.indexOf('</section>', start)).matchAll(/<details[^>]* id="([a-z-]+)"/g)].map(
    m => m[1]!,
  )
}

function duplicates(ids: string[]): string[] {
  return ids.filter((id, i) => ids.indexOf(id) !== i)
}
