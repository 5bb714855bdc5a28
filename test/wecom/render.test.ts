import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Part, Sendable } from '../../src/bot/message.ts'
import { checkMessage } from '../../src/wecom/limits.ts'
import { passiveText, plainText, render } from '../../src/wecom/render.ts'

const preview: Sendable = {
  text: '党课 · 学习党章第三章\n发给 38 人（5 人无手机）',
  facts: [
    { label: '时间', value: '11月26日 周四 19:00' },
    { label: '地点', value: '村党群服务中心' },
  ],
  choices: [
    { label: '发布', line: '/发布 d-12' },
    { label: '作罢', line: '/作罢 d-12' },
  ],
}

const textOf = (part: Part | undefined) => (part as { text: { content: string } }).text.content
const cardOf = (part: Part | undefined) => part?.template_card
const texts = (parts: readonly Part[]) => parts.filter(part => part.msgtype === 'text').map(textOf)
const sendable = (parts: readonly Part[]) => {
  for (const part of parts) checkMessage({ touser: 'a', agentid: 1, ...part })
}

describe('for a client that shows cards', () => {
  it('a question is one button card', () => {
    expect(render(preview, 'cards', 'reply', 't-1')).toEqual([
      {
        msgtype: 'template_card',
        template_card: {
          card_type: 'button_interaction',
          task_id: 't-1',
          main_title: { title: '党课 · 学习党章第三章' },
          sub_title_text: '发给 38 人（5 人无手机）',
          horizontal_content_list: [
            { keyname: '时间', value: '11月26日 周四 19:00' },
            { keyname: '地点', value: '村党群服务中心' },
          ],
          button_list: [
            { text: '发布', style: 1, key: '/发布 d-12' },
            { text: '作罢', style: 2, key: '/作罢 d-12' },
          ],
        },
      },
    ])
    expect(passiveText(preview, 'cards')).toBeNull()
  })

  it('a message without choices is text', () => {
    const message = { text: '签到成功', facts: [{ label: '位次', value: '第 3 位' }] }
    expect(texts(render(message, 'cards', 'pushed', 't'))).toEqual(['签到成功\n位次：第 3 位'])
    expect(passiveText(message, 'cards')).toEqual(['签到成功\n位次：第 3 位'])
  })

  it('words that do not fit on the card go before it, whole, and the card is shortened', () => {
    const title = '题'.repeat(40)
    const body = '文'.repeat(200)
    const parts = render({ ...preview, text: `${title}\n${body}` }, 'cards', 'pushed', 't-1')
    expect(parts.map(part => part.msgtype)).toEqual(['text', 'template_card'])
    expect(textOf(parts[0])).toBe(`${title}\n${body}\n时间：11月26日 周四 19:00\n地点：村党群服务中心`)
    expect(cardOf(parts[1])).toMatchObject({
      main_title: { title: `${'题'.repeat(35)}…` },
      sub_title_text: `${'文'.repeat(159)}…`,
      task_id: 't-1',
    })
  })

  it('facts that do not fit a row go into the text of the card', () => {
    const facts = [
      { label: '六个字的标签', value: '一' },
      { label: '地点', value: '村'.repeat(31) },
      ...Array.from({ length: 7 }, (_, n) => ({ label: `第${n}`, value: `${n}` })),
    ]
    const parts = render({ ...preview, text: '题', facts }, 'cards', 'reply', 't')
    expect(parts).toHaveLength(1)
    expect(cardOf(parts[0])).toMatchObject({
      sub_title_text: `六个字的标签：一\n地点：${'村'.repeat(31)}\n第6：6`,
      horizontal_content_list: facts.slice(2, 8).map(({ label, value }) => ({ keyname: label, value })),
    })
  })

  it('six choices are six buttons; seven, or ones that no button can hold, are words', () => {
    const choices = (count: number) => Array.from({ length: count }, (_, n) => ({ label: `选${n}`, line: `/选 ${n}` }))
    expect(cardOf(render({ text: '选', choices: choices(6) }, 'cards', 'reply', 't')[0])).toMatchObject({
      button_list: { length: 6 },
    })
    expect(texts(render({ text: '选', choices: choices(7) }, 'cards', 'reply', 't'))).toHaveLength(1)
    const long = [{ label: '十一个字的按钮就是太长', line: '/选' }]
    expect(passiveText({ text: '选', choices: long }, 'cards')).toEqual(['选\n1 十一个字的按钮就是太长'])
  })
})

describe('for a client that shows text', () => {
  it('choices of a reply are numbered on one line', () => {
    const expected =
      '党课 · 学习党章第三章\n发给 38 人（5 人无手机）\n时间：11月26日 周四 19:00\n地点：村党群服务中心\n1 发布　2 作罢'
    expect(texts(render(preview, 'text', 'reply', 't'))).toEqual([expected])
    expect(passiveText(preview, 'text')).toEqual([expected])
  })

  it('choices of what is pushed are words to say', () => {
    const message: Sendable = {
      text: '明晚7点党课',
      choices: [
        { label: '请假', line: '/请假 m-17', words: '不能来请回：请假17 事由' },
        { label: '收到', line: '/收到 n-17' },
      ],
    }
    expect(texts(render(message, 'text', 'pushed', 't'))).toEqual([
      '明晚7点党课\n不能来请回：请假17 事由\n收到请回：收到 n-17',
    ])
    expect(plainText(message, 'pushed')).toContain('收到请回：收到 n-17')
  })

  it('long texts are parts of at most 2,000 bytes, in order', () => {
    const lines = Array.from({ length: 150 }, (_, n) => `${n + 1} 张三 正式党员 已到`)
    const message = { ...preview, text: lines.join('\n') }
    const parts = texts(render(message, 'text', 'reply', 't'))
    expect(parts.length).toBeGreaterThan(2)
    for (const part of parts) expect(Buffer.byteLength(part)).toBeLessThanOrEqual(2000)
    expect(parts.join('\n').split('\n').slice(0, 150)).toEqual(lines)
    expect(parts.at(-1)).toMatch(/1 发布　2 作罢$/)
    expect(passiveText(message, 'text')).toEqual(parts)
  })

  it('control characters and lone surrogates, which WeCom refuses, are left out', () => {
    expect(passiveText({ text: '请\u0000假\uD83D' }, 'text')).toEqual(['请假'])
  })
})

describe('a file', () => {
  const kinds = (message: Sendable, client: 'cards' | 'text', mode: 'pushed' | 'reply') =>
    render({ ...message, file: 'file-1' }, client, mode, 't').map(part => part.msgtype)

  it('follows the words and the picture, in what is pushed', () => {
    const parts = render({ text: '做好了', picture: 'app-1', file: 'file-1' }, 'text', 'pushed', 't')
    expect(parts.slice(1)).toEqual([
      { msgtype: 'image', image: { media_id: 'app-1' } },
      { msgtype: 'file', file: { media_id: 'file-1' } },
    ])
    sendable(parts)
    expect(kinds(preview, 'cards', 'pushed')).toEqual(['template_card', 'file'])
    expect(kinds({ ...preview, text: '文'.repeat(200) }, 'cards', 'pushed')).toEqual(['text', 'file', 'template_card'])
    expect(kinds(preview, 'text', 'pushed')).toEqual(['text', 'file'])
  })

  it('has no place in a reply', () => {
    expect(kinds({ text: '好' }, 'text', 'reply')).toEqual(['text'])
  })
})

describe('a picture', () => {
  const kinds = (message: Sendable, client: 'cards' | 'text', mode: 'reply' | 'pushed' = 'pushed') =>
    render({ ...message, picture: 'app-1' }, client, mode, 't').map(part => part.msgtype)

  it('follows the words, for both kinds of clients', () => {
    for (const client of ['cards', 'text'] as const) {
      const parts = render({ text: '看这张照片', picture: 'app-1' }, client, 'pushed', 't')
      expect(parts.map(part => part.msgtype)).toEqual(['text', 'image'])
      expect(parts[1]).toEqual({ msgtype: 'image', image: { media_id: 'app-1' } })
      sendable(parts)
    }
  })

  it('follows them where there are choices, too: after a card that holds all words, before one that does not', () => {
    expect(kinds(preview, 'cards')).toEqual(['template_card', 'image'])
    expect(kinds({ ...preview, text: `题\n${'文'.repeat(200)}` }, 'cards')).toEqual(['text', 'image', 'template_card'])
    expect(kinds(preview, 'text')).toEqual(['text', 'image'])
  })

  it('is not in a reply: it was not uploaded again', () => {
    expect(kinds(preview, 'cards', 'reply')).toEqual(['template_card'])
    expect(passiveText({ text: '看', picture: 'app-1' }, 'text')).toEqual(['看'])
  })
})

it('whatever a message holds, its parts keep WeCom’s limits and no word is lost', () => {
  const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }).filter(text => /\S/.test(text))
  const choice = fc.record({
    label: fc.string({ minLength: 1, maxLength: 12 }),
    line: fc.string({ minLength: 1, maxLength: 30 }),
  })
  const fact = fc.record({ label: fc.string({ maxLength: 7 }), value: fc.string({ unit: 'grapheme', maxLength: 40 }) })
  const message = fc.record({
    text: fc.array(words, { minLength: 1, maxLength: 12 }).map(lines => `事：${lines.join('\n')}`),
    facts: fc.array(fact, { maxLength: 8 }),
    choices: fc.array(choice, { maxLength: 8 }),
  })
  fc.assert(
    fc.property(message, fc.constantFrom('cards', 'text'), fc.constantFrom('reply', 'pushed'), (one, client, mode) => {
      const parts = render(one, client, mode, 't')
      sendable(parts)
      const told = JSON.stringify(parts)
      expect(told.length).toBeGreaterThan(0)
      const said = parts.map(part => JSON.stringify(part.text ?? part.template_card)).join('')
      for (const line of one.text.split('\n').filter(text => text.length < 30 && /^[\p{Script=Han}\w]+$/u.test(text))) {
        expect(said).toContain(line)
      }
    }),
    { numRuns: 200 },
  )
})
