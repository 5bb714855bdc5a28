import { z } from 'zod'
import { KINDS_WORDS, readKinds } from './meeting.ts'

/** '党课' '主题党日+党课': the key of a command's arguments. What is no kind is refused, so that a day may stand alone. */
export const kindsWords = () =>
  z
    .string()
    .transform((words, issues) => {
      const read = readKinds(words)
      if (read) return read
      issues.addIssue({ code: 'custom', message: `没有“${words}”这种会议` })
      return z.NEVER
    })
    .meta({ words: KINDS_WORDS })
