import { monthOf } from '../clock.ts'
import { define, FIVE_YEARS, placeOfBranch } from './declaring.ts'
import {
  type Attempt,
  attempt,
  type BankQuestion,
  bankQuestion,
  type QuestionBank,
  type Quiz,
  type QuizReminder,
  questionBank,
  quiz,
  quizReminder,
  type Review,
  review,
  type StudyEntry,
  studyEntry,
} from './study-shapes.ts'

/** The collections of study; collections.ts lists them with all others. */

/** Banks are the township's; who may ask them reads them past his reach. */
export const banks = define<QuestionBank>({
  name: 'banks',
  schema: questionBank,
  key: r => r.bankId,
  unique: { name: r => r.name },
  places: () => [],
  kept: '长期',
})

export const questions = define<BankQuestion>({
  name: 'questions',
  schema: bankQuestion,
  key: r => r.questionId,
  unique: { stem: r => r.stemKey },
  indexes: { bank: r => r.bankId },
  places: () => [],
  kept: '长期',
})

export const quizzes = define<Quiz>({
  name: 'quizzes',
  schema: quiz,
  key: r => r.quizId,
  indexes: {
    branch: r => r.branchIds,
    open: r => (r.state === 'open' || r.state === 'scheduled' ? 'yes' : undefined),
    series: r => r.series?.seriesId,
  },
  places: r => r.branchIds.map(branchId => ({ branchId })),
  part: r => r.publishedAt.slice(0, 4),
  dropAfterMonths: FIVE_YEARS,
})

/** Answers are the person's own: they go after three months, the figures stay with the quiz. */
export const attempts = define<Attempt>({
  name: 'attempts',
  schema: attempt,
  key: r => `${r.quizId}:${r.personId}:${r.number}`,
  indexes: {
    quiz: r => r.quizId,
    person: r => r.personId,
    mine: r => `${r.quizId}:${r.personId}`,
    underWay: r => (r.finishedAt === null ? r.quizId : undefined),
  },
  places: placeOfBranch,
  part: r => monthOf(new Date(r.startedAt)),
  dropAfterMonths: 3,
})

export const quizReminders = define<QuizReminder>({
  name: 'quizReminders',
  schema: quizReminder,
  key: r => `${r.quizId}:${r.personId}`,
  indexes: { quiz: r => r.quizId },
  places: placeOfBranch,
  part: r => monthOf(new Date(r.at)),
  dropAfterMonths: 3,
})

export const reviews = define<Review>({
  name: 'reviews',
  schema: review,
  key: r => `${r.personId}:${r.questionId}`,
  indexes: { person: r => r.personId, question: r => r.questionId },
  places: placeOfBranch,
  kept: '自己发错题时用，一年没有用就删',
})

export const studyEntries = define<StudyEntry>({
  name: 'studyEntries',
  schema: studyEntry,
  key: r => r.entryId,
  indexes: { person: r => r.personId, branch: r => r.branchId },
  places: placeOfBranch,
  part: r => r.day.slice(0, 4),
  dropAfterMonths: FIVE_YEARS,
})

export const STUDY = [banks, questions, quizzes, attempts, quizReminders, reviews, studyEntries] as const
