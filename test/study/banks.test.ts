import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { bankOf, letters, normalStem, type Question, rightTexts, shippedBanks } from '../../src/domain/question-bank.ts'
import { ROOT, read } from '../house/sources.ts'
import told from './facts.json' with { type: 'json' }

/**
 * A wrong key in a party quiz is a scandal. facts.json was copied from the rules' rows apart from the questions; `key`: what any
 * right answer must hold, and no wrong one may.
 */
const fact = z.strictObject({
  id: z.string(),
  rule: z.string(),
  article: z.string().nullable(),
  edition: z.string(),
  says: z.string(),
  key: z.array(z.string()).min(1),
  row: z.string(),
  certainty: z.literal('A'),
})
const facts = z.array(fact).parse(told)
const factsOf = (one: Question) => one.facts.map(id => facts.find(known => known.id === id) ?? fail(`no fact ${id}`))
const fail = (why: string): never => {
  throw new Error(why)
}

const questions = shippedBanks.flatMap(bank =>
  bank.questions.map(one => ({ ...one, id: `${bank.bankId}/${one.number}` })),
)
type Shipped = (typeof questions)[number]
const ofKind = (kind: Question['kind'], all: readonly Shipped[] = questions) => all.filter(one => one.kind === kind)
const named = (wrong: readonly Shipped[]) => wrong.map(({ id, stem }) => `${id} ${stem}`)

const moreThanHalf = (of: number) => Math.floor(of / 2) + 1
/** Answers that have to be worked out: the fact holds the rule, the right options are computed or given here with the reason. */
const WORKED: Readonly<Record<string, readonly string[]>> = {
  // 应到会 20 (and not 实到 15); 应到会 18 (and not 实到 16).
  'branch-work/14': [`${moreThanHalf(20)}人`],
  'admission/17': [`${moreThanHalf(18)}人`],
  // The brackets hold their upper figure: 在职 3000 and 离退休 5000 are the last that pay 0.5%.
  'dues/12': ['在职，每月2500元', '在职，每月3000元', '退休，每月5000元'],
}
const keysOf = (one: Shipped) => (WORKED[one.id] ?? factsOf(one).flatMap(({ key }) => key)).map(normalStem)
const holdsKey = (text: string, one: Shipped) => keysOf(one).some(key => normalStem(text).includes(key))
const wrongOptions = (one: Shipped) => one.options.filter(option => !rightTexts(one).includes(option))

/** 二十四个学时, 24 and 24学时 are 24; 两年 is 2. */
const figure = (text: string) =>
  text
    .replace('百分之', '')
    .replace(/两/g, '二')
    .replace(/([二三四五六七八九])十/g, (_ten, digit: string) => String(digitOf(digit)))
    .replace(/[一二三四五六七八九]/g, digit => String(digitOf(digit)))
    .replace(/[^\d.]/g, '')
const digitOf = (digit: string) => ' 一二三四五六七八九'.indexOf(digit)

describe('the shipped banks', () => {
  it('are the files under data/banks, each of which parses', () => {
    const files = readdirSync(`${ROOT}data/banks`).sort()
    expect(files).toEqual(shippedBanks.map(({ bankId }) => `${bankId}.json`).sort())
    expect(files.map(file => bankOf(JSON.parse(read(`data/banks/${file}`))).questions.length)).not.toContain(0)
  })

  it('hold at least 20 questions each and 120 in all, numbered from 1', () => {
    expect(shippedBanks.filter(bank => bank.questions.length < 20)).toEqual([])
    expect(questions.length).toBeGreaterThanOrEqual(120)
    for (const bank of shippedBanks) {
      expect(bank.questions.map(({ number }) => number)).toEqual(bank.questions.map((_one, at) => at + 1))
    }
  })

  it('ask nothing twice', () => {
    const stems = questions.map(({ stem }) => normalStem(stem))
    expect(named(questions.filter((_one, at) => stems.indexOf(stems[at] ?? '') !== at))).toEqual([])
  })

  it('are short enough for a card and a text', () => {
    expect(named(questions.filter(({ stem }) => stem.length > 120))).toEqual([])
    expect(named(questions.filter(({ options }) => options.some(option => option.length > 40)))).toEqual([])
    expect(named(questions.filter(({ explanation }) => explanation.length > 120))).toEqual([])
  })

  it('never point at other options: they are shuffled', () => {
    const pointing = /以上都|都[对错]$|都不|前[一二三四两]|后[一二三四两]|[A-E]项/
    expect(named(questions.filter(one => one.options.some(option => pointing.test(option))))).toEqual([])
    const explained = /前[两三四][项句种]|选项|[A-E]\b/
    expect(named(questions.filter(one => explained.test(one.explanation)))).toEqual([])
  })
})

describe('every question', () => {
  it('rests on facts of certainty A, and each fact on the table is used', () => {
    expect(named(questions.filter(one => factsOf(one).length === 0))).toEqual([])
    const used = new Set(questions.flatMap(one => one.facts))
    expect(facts.filter(({ id }) => !used.has(id)).map(({ id }) => id)).toEqual([])
    expect(new Set(facts.map(({ id }) => id)).size).toBe(facts.length)
  })

  it("names its facts' rule, articles and edition, and the day from which it holds", () => {
    const elsewhere = questions.filter(one => {
      const articles = new Set(factsOf(one).flatMap(({ article }) => article ?? []))
      const { law, article, edition } = one.source
      const same = factsOf(one).every(known => known.rule === law && known.edition === edition)
      return !same || (article ?? '') !== [...articles].join('、')
    })
    expect(named(elsewhere)).toEqual([])
    const days = questions.filter(({ validFrom, source }) => !(validFrom && /\d/.test(source.edition ?? '')))
    expect(named(days)).toEqual([])
    const undated = questions.filter(({ validFrom, source }) => {
      const day = /\d{4}-\d\d-\d\d/.exec(source.edition ?? '')?.[0]
      return day !== undefined && day !== validFrom
    })
    expect(named(undated)).toEqual([])
  })

  it('of the dues says that it is of the rule of 2008', () => {
    const dues = shippedBanks.find(({ bankId }) => bankId === 'dues')?.questions ?? []
    expect(
      dues.filter(one => !one.source.edition?.startsWith('2008 规定') || !one.explanation.includes('2008年')),
    ).toEqual([])
  })

  it('explains where it stands', () => {
    const silent = questions.filter(one =>
      (one.source.article?.split('、') ?? []).some(part => !one.explanation.includes(part)),
    )
    expect(named(silent)).toEqual([])
  })

  it('says 一般 where the rule says it, and only there', () => {
    const differing = questions.filter(one => {
      const inRule = factsOf(one).some(({ says }) => says.includes('一般'))
      return one.stem.includes('一般') !== inRule
    })
    expect(named(differing)).toEqual([])
  })
})

describe('every key', () => {
  it('stands in what the fact says', () => {
    const loose = facts.filter(({ says, key }) => !key.every(one => normalStem(says).includes(normalStem(one))))
    expect(loose.map(({ id }) => id)).toEqual([])
  })

  const choices = [...ofKind('单选'), ...ofKind('多选')]

  it('of a 单选 and a 多选 is in each right option', () => {
    expect(named(choices.filter(one => !rightTexts(one).every(text => holdsKey(text, one))))).toEqual([])
  })

  it('of a 单选 and a 多选 is in no wrong option', () => {
    expect(named(choices.filter(one => wrongOptions(one).some(text => holdsKey(text, one))))).toEqual([])
  })

  it('of a 多选 that rests on several facts is of each of them', () => {
    const idle = ofKind('多选').filter(
      one =>
        !WORKED[one.id] &&
        !factsOf(one).every(({ key }) =>
          rightTexts(one).some(text => key.some(part => normalStem(text).includes(normalStem(part)))),
        ),
    )
    expect(named(idle)).toEqual([])
  })

  it('of a 判断 stands in the stem that is 对, and not in the one that is 错', () => {
    const wrong = ofKind('判断').filter(one => holdsKey(one.stem, one) !== (one.answer === '对'))
    expect(named(wrong)).toEqual([])
  })

  it('of a 填空 is what every accepted text says, in words or as a figure', () => {
    const wrong = ofKind('填空').filter(one => {
      const figures = new Set(
        factsOf(one)
          .flatMap(({ key }) => key.map(figure))
          .filter(Boolean),
      )
      return rightTexts(one).some(text => !holdsKey(text, one) && !figures.has(figure(text)))
    })
    expect(named(wrong)).toEqual([])
  })

  it('of a 填空 with a figure may be typed as 4 and as 四, with the unit and without', () => {
    const counted = ofKind('填空').filter(one => /\d/.test(rightTexts(one)[0] ?? ''))
    const narrow = counted.filter(one => {
      const texts = rightTexts(one)
      return !(texts.some(text => /[一二四五六八十]/.test(text)) && texts.some(text => /\d\D/.test(text)))
    })
    expect(counted.length).toBeGreaterThan(5)
    expect(named(narrow)).toEqual([])
  })

  it('is not given away by the stem', () => {
    const told = ofKind('单选').filter(one =>
      rightTexts(one).some(text => normalStem(one.stem).includes(normalStem(text))),
    )
    expect(named(told)).toEqual([])
  })
})

describe.each(shippedBanks.map(bank => [bank.name, bank] as const))('the bank %s', (_name, bank) => {
  const all = questions.filter(({ id }) => id.startsWith(`${bank.bankId}/`))
  const share = (some: readonly unknown[], of: readonly unknown[] = all) => some.length / of.length

  it('mixes kinds and difficulties', () => {
    const kinds = (['单选', '多选', '判断', '填空'] as const).map(kind => share(ofKind(kind, all)))
    const wanted = [0.5, 0.2, 0.2, 0.1]
    expect(kinds.filter((part, at) => Math.abs(part - (wanted[at] ?? 0)) > 0.06)).toEqual([])
    const levels = ['易', '中', '难'].map(level => share(all.filter(one => one.difficulty === level)))
    expect(levels.filter((part, at) => Math.abs(part - ([0.4, 0.4, 0.2][at] ?? 0)) > 0.06)).toEqual([])
  })

  it('has three or four options in a 单选, four or five in a 多选 with at least one wrong', () => {
    expect(named(ofKind('单选', all).filter(({ options }) => ![3, 4].includes(options.length)))).toEqual([])
    expect(named(ofKind('多选', all).filter(({ options }) => ![4, 5].includes(options.length)))).toEqual([])
    expect(named(ofKind('多选', all).filter(one => wrongOptions(one).length === 0))).toEqual([])
  })

  it('spreads its keys over the options', () => {
    const singles = ofKind('单选', all)
    const each = [...'ABCD'].map(letter =>
      share(
        singles.filter(one => one.answer === letter),
        singles,
      ),
    )
    expect(each.filter(part => part > 0.35 || part < 0.15)).toEqual([])
    const judged = ofKind('判断', all)
    expect(
      Math.abs(
        share(
          judged.filter(one => one.answer === '对'),
          judged,
        ) - 0.5,
      ),
    ).toBeLessThanOrEqual(0.1)
    const right = ofKind('多选', all).flatMap(one => (one.kind === '多选' ? letters(one.answer) : []))
    const spread = [...'ABCDE'].map(letter => right.filter(one => one === letter).length)
    expect(Math.max(...spread) - Math.min(...spread)).toBeLessThanOrEqual(2)
  })

  it('gives no answer away by its length', () => {
    const singles = ofKind('单选', all)
    const length = (one: Shipped) => rightTexts(one)[0]?.length ?? 0
    const others = (one: Shipped) => wrongOptions(one).map(option => option.length)
    const far = singles.filter(one => {
      const [shortest, longest] = [Math.min(...others(one)), Math.max(...others(one))]
      return length(one) > longest * 1.3 + 1 || length(one) < shortest * 0.7 - 1
    })
    expect(named(far)).toEqual([])
    expect(
      share(
        singles.filter(one => length(one) > Math.max(...others(one))),
        singles,
      ),
    ).toBeLessThanOrEqual(0.35)
  })
})
