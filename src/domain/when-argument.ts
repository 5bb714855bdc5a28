import { z } from 'zod'
import { now } from '../clock.ts'
import { readWhen } from './when.ts'

/** A day, an hour, or both, in one word or several: the key of a command's arguments. */
export const whenWords = () =>
  z
    .string()
    .transform((words, issues) => {
      const when = readWhen(words, now())
      if (when) return when
      issues.addIssue({ code: 'custom', message: `没看懂时间“${words}”` })
      return z.NEVER
    })
    .meta({ words: 4 })
