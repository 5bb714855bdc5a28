import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Options, Part, Sendable } from '../../src/bot/message.ts'
import { checkMessage } from '../../src/wecom/limits.ts'
import { passiveText, plainText, render } from '../../src/wecom/render.ts'

const options: Options = {
  mode: 'multiple',
  submit: '/答题 q-3 2',
  list: [
    { id: 'A', text: '3人' },
    { id: 'B', text: '5人' },
    { id: 'C', text: '7人' },
  ],
}
const question: Sendable = { text: '第 2/5 题（多选）\n支部委员会一般由几人组成？', options }
const asking = (more: Partial<Options>, text = question.text): Sendable => ({ text, options: { ...options, ...more } })
const letters = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ id: String.fromCharCode(65 + at), text: `第${at + 1}项` }))

const wordsOf = (part: Part | undefined) => (part as { text: { content: string } }).text.content
const cardOf = (part: Part | undefined) => part?.template_card
const kinds = (parts: readonly Part[]) => parts.map(part => part.msgtype)

/** The parts for who sees cards, of which each is one that WeCom takes. */
function cards(message: Sendable, mode: 'reply' | 'pushed' = 'reply'): Part[] {
  const parts = render(message, 'cards', mode, 't-1')
  for (const part of parts) checkMessage({ touser: 'a', agentid: 1, ...part })
  return parts
}

describe('a question with options, for a client that shows cards', () => {
  it('is one vote card', () => {
    expect(cards(question)).toEqual([
      {
        msgtype: 'template_card',
        template_card: {
          card_type: 'vote_interaction',
          task_id: 't-1',
          main_title: { title: '第 2/5 题（多选）', desc: '支部委员会一般由几人组成？' },
          checkbox: {
            question_key: 'answer',
            mode: 1,
            option_list: [
              { id: 'A', text: 'A. 3人' },
              { id: 'B', text: 'B. 5人' },
              { id: 'C', text: 'C. 7人' },
            ],
          },
          submit_button: { text: '提交', key: '/答题 q-3 2' },
        },
      },
    ])
    expect(passiveText(question, 'cards')).toBeNull()
  })

  it('takes one answer or several', () => {
    expect(cardOf(cards(asking({ mode: 'single' }))[0])).toMatchObject({ checkbox: { mode: 0 } })
  })

  it('options that are longer than a card shows stand before it whole, and on it cut', () => {
    const long = '在党支部党员大会上有表决权、选举权和被选举权'
    const fits = '十四个字的选项正好放得下一行啦'.slice(0, 14)
    const parts = cards(
      asking({
        list: [
          { id: 'A', text: fits },
          { id: 'B', text: long },
        ],
      }),
    )
    expect(kinds(parts)).toEqual(['text', 'template_card'])
    expect(wordsOf(parts[0])).toBe(`${question.text}\nA. ${fits}\nB. ${long}`)
    expect(cardOf(parts[1])).toMatchObject({
      main_title: { title: '第 2/5 题（多选）' },
      checkbox: {
        option_list: [
          { id: 'A', text: `A. ${fits}` },
          { id: 'B', text: `B. ${long.slice(0, 13)}…` },
        ],
      },
    })
  })

  it('an emoji is never cut in two', () => {
    const family = '👨‍👩‍👧‍👦'
    const [, part] = cards(asking({ list: [{ id: 'A', text: `一家人${family}${family}` }] }))
    expect(cardOf(part)).toMatchObject({ checkbox: { option_list: [{ text: 'A. 一家人…' }] } })
    expect(kinds(cards(asking({ list: [{ id: 'A', text: '👍'.repeat(7) }] })))).toEqual(['template_card'])
  })

  it('a title or a question that is too long goes before the card, whole; options that fit do not', () => {
    for (const text of [`${'题'.repeat(37)}\n短`, `第 2/5 题\n${'文'.repeat(45)}`]) {
      const parts = cards(asking({}, text))
      expect(kinds(parts)).toEqual(['text', 'template_card'])
      expect(wordsOf(parts[0])).toBe(text)
    }
  })

  it('what stands before the last blank line is a text of its own: the card asks', () => {
    const parts = cards(asking({}, '答对了。\n\n出处：党章第三章。\n\n第 3/5 题（单选）\n预备期几年？'))
    expect(wordsOf(parts[0])).toBe('答对了。\n\n出处：党章第三章。')
    expect(cardOf(parts[1])).toMatchObject({ main_title: { title: '第 3/5 题（单选）', desc: '预备期几年？' } })
    expect(kinds(cards(asking({}, '\n第 3/5 题\n预备期几年？\n\n')))).toEqual(['template_card'])
  })

  it('facts and choices are words: a vote card has no rows and no second button', () => {
    const choices = [{ label: '交卷', line: '/交卷 q-3' }]
    const [part] = cards({ text: '第 2 题', facts: [{ label: '剩余', value: '8 分' }], choices, options })
    expect(cardOf(part)).toMatchObject({ main_title: { title: '第 2 题', desc: '剩余：8 分\n交卷请回：交卷 q-3' } })
    const [before, card] = cards({ text: `第 2 题\n${'文'.repeat(40)}`, choices, options })
    expect(wordsOf(before)).toBe(`第 2 题\n${'文'.repeat(40)}\n交卷请回：交卷 q-3`)
    expect(cardOf(card)).not.toHaveProperty('button_list')
  })

  it('twenty options are a card; twenty-one, or ones that no card can hold, are words', () => {
    expect(kinds(cards(asking({ list: letters(20) })))).toEqual(['template_card'])
    const refused: Partial<Options>[] = [
      { list: letters(21) },
      { list: [...letters(2), ...letters(1)] },
      { list: [{ id: '', text: '空' }] },
      { list: [{ id: 'A B', text: '隔' }] },
      { list: [{ id: '长'.repeat(43), text: '长' }] },
      { submit: '' },
      { submit: `/答题 ${'x'.repeat(1024)}` },
    ]
    for (const more of refused) {
      const message = { ...asking(more), choices: [{ label: '交卷', line: '/交卷 q-3' }] }
      expect(kinds(cards(message))).toEqual(['text'])
      expect(passiveText(message, 'cards')?.join('')).toContain('交卷请回：交卷 q-3')
    }
  })

  it('two options may say the same, and an option may say nothing but its letter', () => {
    const list = [
      { id: 'A', text: '对' },
      { id: 'B', text: '对' },
      { id: 'C', text: '' },
      { id: '错', text: '错' },
    ]
    expect(cardOf(cards(asking({ list }))[0])).toMatchObject({
      checkbox: {
        option_list: [
          { id: 'A', text: 'A. 对' },
          { id: 'B', text: 'B. 对' },
          { id: 'C', text: 'C.' },
          { id: '错', text: '错' },
        ],
      },
    })
  })

  it('no options at all are none: the choices are buttons', () => {
    const message = { ...asking({ list: [] }), choices: [{ label: '交卷', line: '/交卷 q-3' }] }
    expect(cardOf(cards(message)[0])).toMatchObject({ card_type: 'button_interaction' })
  })

  it('a picture and a file follow the words', () => {
    const media = { picture: 'app-1', file: 'file-1' }
    expect(kinds(cards({ ...question, ...media }, 'pushed'))).toEqual(['template_card', 'image', 'file'])
    const parts = cards({ ...asking({}, '看图。\n\n这是哪里？'), ...media }, 'pushed')
    expect(kinds(parts)).toEqual(['text', 'image', 'file', 'template_card'])
  })
})

describe('for a client that shows text', () => {
  it('a reply lists the options; what it awaits is the letters', () => {
    const expected = `${question.text}\nA. 3人\nB. 5人\nC. 7人`
    expect(passiveText(question, 'text')).toEqual([expected])
    expect(render(question, 'text', 'reply', 't').map(wordsOf)).toEqual([expected])
  })

  it('what is pushed says the whole line that answers it', () => {
    expect(plainText(question, 'pushed')).toMatch(/C\. 7人\n请回：答题 q-3 2 AB（AB 换成您选的）$/)
    expect(plainText(asking({ mode: 'single' }), 'pushed')).toMatch(/请回：答题 q-3 2 A（A 换成您选的）$/)
  })

  it('choices beside options are lines to say, in a reply too: a digit may mean an option', () => {
    const message = { ...question, choices: [{ label: '交卷', line: '/交卷 q-3' }] }
    expect(plainText(message, 'reply')).toMatch(/C\. 7人\n交卷请回：交卷 q-3$/)
  })
})

it('whatever is asked, the parts keep WeCom’s limits, and every option is told whole', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 60 })
  const list = fc.uniqueArray(fc.record({ id: fc.string({ minLength: 1, maxLength: 3 }), text }), {
    selector: ({ id }) => id,
    minLength: 1,
    maxLength: 22,
  })
  const message = fc.record({
    text: fc.array(text, { minLength: 1, maxLength: 6 }).map(lines => `题${lines.join('\n')}`),
    facts: fc.array(fc.record({ label: text, value: text }), { maxLength: 3 }),
    options: fc.record({ mode: fc.constantFrom('single', 'multiple'), submit: fc.constant('/答题 q-3 2'), list }),
  })
  fc.assert(
    fc.property(message, fc.constantFrom('reply', 'pushed'), (one, mode) => {
      const told = JSON.stringify(cards(one, mode))
      const plain = one.options.list.filter(option => /^[\p{Script=Han}\w]+$/u.test(option.text))
      for (const option of plain) expect(told).toContain(option.text)
    }),
    { numRuns: 300 },
  )
})
