import { z } from 'zod'
import { dayOf, now } from '../clock.ts'
import { NO_EXPLANATION, NO_SOURCE, QUESTION_KINDS } from '../domain/question-bank.ts'
import { UserError } from '../errors.ts'
import type { Block, Document } from '../export/document.ts'
import { type BankQuestion, banks, type QuestionBank } from '../store/collections.ts'
import type { Store } from '../store/records.ts'
import { validQuestions } from './banks.ts'
import { hiddenKeys, keyLater } from './hidden.ts'

/** A bank for the wall, for reading aloud in a lesson, and for members who study on paper. */

export const BANK_REPORT = 'bank'

const order = z.object({ bankId: z.string() })
export type BankOrder = z.infer<typeof order>

export const collectBank =
  (store: Store) =>
  async (args: unknown): Promise<Document> => {
    const { bankId } = order.parse(args)
    const day = dayOf(now())
    return store.read(async tx => {
      const bank = await tx.get(banks, bankId)
      if (!bank) throw new UserError('没有这个题库。')
      const hidden = await hiddenKeys(tx, now())
      return bankDocument(bank, await validQuestions(tx, bankId, day), { day, hidden })
    })
  }

const NUMBERS = '一二三四'

/** Numbered through, so that an answer at the end belongs to one question. */
export function bankDocument(
  { name }: QuestionBank,
  all: readonly BankQuestion[],
  { day, hidden }: { day: string; hidden: ReadonlyMap<string, string> },
): Document {
  const kinds = QUESTION_KINDS.map(kind => all.filter(one => one.kind === kind)).filter(some => some.length > 0)
  const numbered = kinds.flat().map((one, at) => ({ one, number: at + 1 }))
  const asked = kinds.flatMap((some, at): Block[] => [
    { kind: 'heading', text: `${NUMBERS[at]}、${some[0]?.kind}题（${some.length} 题）` },
    ...numbered.filter(({ one }) => some.includes(one)).flatMap(({ one, number }) => questionBlocks(one, number)),
  ])
  const answers = numbered.map(({ one, number }) => answerBlock(one, number, hidden.get(one.questionId)))
  return {
    fileName: `题库 ${name}.docx`,
    title: name.endsWith('题库') ? name : `${name}题库`,
    lines: [`共 ${all.length} 题　${day.replace(/^(\d+)-0?(\d+)-0?(\d+)$/, '$1年$2月$3日')}印`],
    blocks: [...asked, { kind: 'heading', text: '答案与解析', newPage: true }, ...answers],
  }
}

function questionBlocks({ stem, options, kind }: BankQuestion, number: number): Block[] {
  const mark = kind === '判断' && !/[（(][\s\u3000]*[）)]\s*$/.test(stem) ? '（　　）' : ''
  const item: Block = { kind: 'item', text: `${number}．${stem}${mark}` }
  return options.length > 0 ? [item, { kind: 'options', texts: options }] : [item]
}

/** The number is what 题目 改 and 题目 撤 take. */
function answerBlock(one: BankQuestion, number: number, hiding: string | undefined): Block {
  const { questionId, answer, explanation, source } = one
  if (hiding) return { kind: 'text', strong: `${number}．`, text: `　〔${questionId}〕${keyLater(hiding)}` }
  const right = typeof answer === 'string' ? answer : answer.join(' 或 ')
  const why = explanation === NO_EXPLANATION ? '' : explanation
  return { kind: 'text', strong: `${number}．${right}`, text: `　〔${questionId}〕${why}${spellSource(source)}` }
}

function spellSource({ law, article, edition }: BankQuestion['source']): string {
  if (law === NO_SOURCE) return ''
  return `\n依据：${law}${article ?? ''}${edition === null ? '' : `，${edition}`}`
}
