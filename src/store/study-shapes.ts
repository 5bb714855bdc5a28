import { z } from 'zod'

/** The shapes of study: banks, questions, quizzes, attempts, reviews and hours. */

const instant = z.iso.datetime()
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)

export const QUESTION_KINDS = ['单选', '多选', '判断', '填空'] as const
export type QuestionKind = (typeof QUESTION_KINDS)[number]
export const DIFFICULTIES = ['易', '中', '难'] as const

/** 'B', 'ACD' in order, '对' or '错'; of a 填空 the accepted texts. */
const answer = z.union([z.string(), z.array(z.string())])

export const questionBank = z.object({
  /** 'constitution' of those that are shipped, 'k-7' of those that were imported. */
  bankId: z.string(),
  name: z.string(),
  shipped: z.boolean(),
  by: z.string(),
  at: instant,
})
export type QuestionBank = z.infer<typeof questionBank>

export const bankQuestion = z.object({
  /** 't-12', in the whole township. */
  questionId: z.string(),
  bankId: z.string(),
  number: z.number().int(),
  kind: z.enum(QUESTION_KINDS),
  stem: z.string(),
  options: z.array(z.string()),
  answer,
  explanation: z.string(),
  source: z.object({ law: z.string(), article: z.string().nullable(), edition: z.string().nullable() }),
  difficulty: z.enum(DIFFICULTIES),
  category: z.string(),
  validFrom: day.nullable(),
  validTo: day.nullable(),
  /** The stem without spaces and marks: no two questions have the same. */
  stemKey: z.string(),
  withdrawn: z.object({ by: z.string(), at: instant, why: z.string() }).nullable(),
  corrections: z.array(z.object({ by: z.string(), at: instant, why: z.string(), before: answer })),
})
export type BankQuestion = z.infer<typeof bankQuestion>

/** So many questions of a kind, and of a difficulty where one is said, each with so many points. */
const quota = z.object({
  kind: z.enum(QUESTION_KINDS),
  difficulty: z.enum(DIFFICULTIES).nullable(),
  count: z.number().int().positive(),
  points: z.number().int().positive(),
})
export type Quota = z.infer<typeof quota>

/** Of one question over all first drawings of a quiz, as sums: what is left when the answers themselves are gone. */
const questionFigures = z.object({
  questionId: z.string(),
  asked: z.number().int(),
  right: z.number().int(),
  /** Between the share of right answers in the upper and in the lower part of those who had it; null: too few had it. */
  discrimination: z.number().nullable(),
  /** The wrong answer that was given most, and how often; null: none was. */
  mostWrong: z.object({ given: z.string(), times: z.number().int() }).nullable(),
})

const branchFigures = z.object({
  branchId: z.string(),
  /** How many could take it. */
  invited: z.number().int(),
  taken: z.number().int(),
  passed: z.number().int(),
  /** Sum of the best scores, in points. */
  sum: z.number().int(),
  /** How many had 0-9, 10-19 … 90-100 per cent of the points. */
  spread: z.array(z.number().int()),
})
export type BranchFigures = z.infer<typeof branchFigures>

export const quizFigures = z.object({ branches: z.array(branchFigures), questions: z.array(questionFigures) })
export type QuizFigures = z.infer<typeof quizFigures>

export const quiz = z.object({
  quizId: z.string(),
  /** null: the township's. */
  branchId: z.string().nullable(),
  branchIds: z.array(z.string()),
  title: z.string(),
  bankIds: z.array(z.string()),
  by: z.string(),
  publishedAt: instant,
  opensAt: instant,
  closesAt: instant,
  state: z.enum(['scheduled', 'open', 'closed', 'cancelled']),
  quotas: z.array(quota).min(1),
  /** The questions that are drawn from, as they were valid when it was published. */
  pool: z.array(z.string()).min(1),
  /** Whoever has it can draw again what a person was asked. */
  seed: z.string(),
  /** Per cent of the points. */
  passMark: z.number().int(),
  attempts: z.number().int().positive(),
  minutes: z.number().int().positive().nullable(),
  /** When the right answers are shown. */
  shows: z.enum(['each', 'afterClose']),
  /** A 多选 with some of the right ones and no wrong one gets a share; else only the whole counts. */
  partMarks: z.boolean(),
  /** 每日: one of a row of days, the last of which is the final test. */
  series: z
    .object({
      /** 'q-3', the id of its first day. */
      seriesId: z.string(),
      /** 1, 2 … among the days that are worked. */
      day: z.number().int(),
      final: z.boolean(),
      /** Of the final test, once all are closed: how many of each branch took at least one day. No sum of the days says it. */
      took: z.array(z.object({ branchId: z.string(), people: z.number().int() })).nullable(),
    })
    .nullable(),
  /** Frozen at the close, and made anew where a question was corrected while the answers were there. */
  figures: quizFigures.nullable(),
})
export type Quiz = z.infer<typeof quiz>

const given = z.object({
  questionId: z.string(),
  /** Letters, 对 or 错, or the text that was typed. */
  given: z.string(),
  points: z.number().int().nonnegative(),
  right: z.boolean(),
  at: instant,
})

/** One go of one person at a quiz, with its answers. */
export const attempt = z.object({
  quizId: z.string(),
  personId: z.string(),
  branchId: z.string(),
  group: z.string().nullable(),
  /** 1, 2 …: part of what the questions are drawn by. */
  number: z.number().int().positive(),
  questionIds: z.array(z.string()),
  answers: z.array(given),
  startedAt: instant,
  finishedAt: instant.nullable(),
  /** Points, once finished. */
  score: z.number().int().nullable(),
  passed: z.boolean().nullable(),
})
export type Attempt = z.infer<typeof attempt>

/** Who asked to be reminded before a quiz closes. */
export const quizReminder = z.object({ quizId: z.string(), personId: z.string(), branchId: z.string(), at: instant })
export type QuizReminder = z.infer<typeof quizReminder>

/** 错题: where one person stands with one question (ts-fsrs). */
export const review = z.object({
  personId: z.string(),
  branchId: z.string(),
  questionId: z.string(),
  /** As the library has it, its dates as strings. */
  card: z.record(z.string(), z.union([z.string(), z.number()])),
  dueAt: instant,
})
export type Review = z.infer<typeof review>

/** Hours of study that an officer entered: a training, a course. */
export const studyEntry = z.object({
  entryId: z.string(),
  personId: z.string(),
  branchId: z.string(),
  group: z.string().nullable(),
  /** Of the study. */
  day,
  /** Tenths of an hour. */
  tenths: z.number().int(),
  what: z.string(),
  by: z.string(),
  at: instant,
})
export type StudyEntry = z.infer<typeof studyEntry>
