import { describe, expect, it } from 'vitest'
import { bankOf, letters, normalStem, question, rightTexts, shippedBanks } from '../../src/domain/question-bank.ts'

const told = {
  number: 7,
  kind: '单选',
  stem: '党支部党员大会一般多长时间召开1次？',
  options: ['每月', '每季度', '每年'],
  answer: 'B',
  explanation: '一般每季度召开1次。',
  source: { law: '《中国共产党支部工作条例（试行）》', article: '第十一条', edition: '2018-10-28 起施行' },
  difficulty: '易',
  category: '三会一课',
  facts: [],
  validFrom: '2018-10-28',
  validTo: null,
}
const bankWith = (more: object) => ({ bankId: 'village', name: '村里的题', questions: [{ ...told, ...more }] })
const asked = (more: object) => question.parse({ ...told, ...more })

describe('a bank', () => {
  it('ships six', () => {
    expect(shippedBanks.map(({ name }) => name)).toEqual(['党章', '支部工作', '党员教育', '党费', '发展党员', '廉政'])
  })

  it('needs no facts where it was not written here', () => {
    const { facts, ...imported } = told
    expect(question.parse(imported)).toEqual({ ...told, facts })
  })

  it.each([
    ['an option that does not exist', { answer: 'D' }, '答案的字母不在选项里'],
    ['two answers to a 单选', { answer: 'AB' }, '单选的答案是一个字母'],
    ['one answer to a 多选', { kind: '多选' }, '多选的答案是两个以上字母'],
    ['letters out of order', { kind: '多选', answer: 'BA' }, '按次序'],
    ['a letter said twice', { kind: '多选', answer: 'AA' }, '按次序'],
    ['a letter of a 多选 that does not exist', { kind: '多选', answer: 'AD' }, '答案的字母不在选项里'],
    ['a 判断 with options', { kind: '判断', answer: '对' }, '这种题没有选项'],
    ['a 判断 with a letter', { kind: '判断', options: [], answer: 'A' }, '判断的答案是 对 或 错'],
    ['a 填空 without an answer', { kind: '填空', options: [], answer: [] }, '没有答案'],
    ['two options alike', { options: ['１次', '1次'], answer: 'A' }, '有两个选项一样'],
    ['one option', { options: ['每月'], answer: 'A' }, '选项不到 2 个'],
    ['nine options', { options: [...'一二三四五六七八九'] }, '选项超过 8 个'],
    ['no explanation', { explanation: ' ' }, '没有解析'],
    ['no stem at all', { stem: undefined }, '没有题目'],
    ['a stem no text can hold', { stem: '长'.repeat(3000) }, '题目连同选项超过 500 字'],
    ['a kind nobody knows', { kind: '简答' }, '题型是'],
    ['a difficulty nobody knows', { difficulty: '低' }, '难度是'],
    ['a day that is none', { validFrom: '2018-02-30' }, '不是日期'],
    ['an end before the beginning', { validTo: '2017-01-01' }, '失效日期早于生效日期'],
  ])('is refused for %s, by its name and the number', (_what, more, why) => {
    expect(() => bankOf(bankWith(more))).toThrow(/题库 village 第 7 题 .*/)
    expect(() => bankOf(bankWith(more))).toThrow(why)
  })

  it('names every question that is wrong, by its place where it has no number', () => {
    const questions = [{ ...told, answer: 'D' }, told, { ...told, number: '九' }]
    expect(() => bankOf({ bankId: 'village', name: '题', questions })).toThrow(
      /第 7 题 answer：.*\n题库 village 第 3（按次序） 题/,
    )
  })

  it('is refused for two questions with one number, without a name, and for what is no bank', () => {
    expect(() => bankOf({ ...bankWith({}), questions: [told, told] })).toThrow(
      '题库 village questions：有两道题的题号一样',
    )
    expect(() => bankOf({ ...bankWith({}), name: '' })).toThrow('题库 village name：没有题库名称')
    expect(() => bankOf(null)).toThrow('题库 （没有编号）')
  })
})

describe('the stem by which a question is known', () => {
  it('has no spaces, punctuation and brackets', () => {
    expect(normalStem('党员大会（　）一般 ____ 召开１次？')).toBe(normalStem('“党员大会”一般召开1次'))
  })

  it('keeps figures apart', () => {
    expect(normalStem('交0.5%。')).toBe('交0.5%')
    expect(normalStem('1.5')).not.toBe(normalStem('15'))
    expect(normalStem('第1.')).toBe('第1')
  })
})

describe('an answer', () => {
  it('is its letters, however they are typed', () => {
    expect(letters('ＤＢ')).toEqual(['B', 'D'])
    expect(letters('b、d d')).toEqual(['B', 'D'])
  })

  it('has no letters where it says something else', () => {
    expect(['对', '', '选B', '4'].flatMap(letters)).toEqual([])
  })

  it('is told by its texts', () => {
    expect(rightTexts(asked({}))).toEqual(['每季度'])
    expect(rightTexts(asked({ kind: '多选', answer: 'AC' }))).toEqual(['每月', '每年'])
    expect(rightTexts(asked({ kind: '判断', options: [], answer: '错' }))).toEqual(['错'])
    expect(rightTexts(asked({ kind: '填空', options: [], answer: ['4', '四'] }))).toEqual(['4', '四'])
  })
})
