import { z } from 'zod'

/**
 * The place of a meeting is one word, or as many as stand between 地点： and 主题：. The questions of ask.ts put these marks, so
 * that an answer may hold spaces; whoever knows them may type them.
 */
export const MARK_PLACE = '地点：'
export const MARK_TOPIC = '主题：'
/** Behind the topic: a time that was asked for again, so that nothing said before it is lost. */
export const MARK_TIME = '时间：'

const LONGEST = 60
const MARKED = /^地点[:：]\s*((?:(?!主题[:：]).)+?)(?:\s+主题[:：])?$/u

export const placeWords = () =>
  z
    .string()
    .transform((words, issues) => {
      const place = MARKED.exec(words)?.[1] ?? (/\s|^(?:地点|主题)[:：]/u.test(words) ? '' : words)
      if (place !== '' && place.length <= LONGEST) return place
      issues.addIssue({ code: 'custom', message: `地点最多 ${LONGEST} 个字` })
      return z.NEVER
    })
    .meta({ words: LONGEST / 2 })

export const withoutTopicMark = (topic: string): string => topic.replace(/^主题[:：]\s*/u, '')

/** '学习党章 时间：明晚7点' → what it is about, and the time that was said last. */
export function splitTime(topic: string): { topic: string; time: string | null } {
  const at = topic.lastIndexOf(MARK_TIME)
  if (at < 0) return { topic, time: null }
  return { topic: topic.slice(0, at).trim(), time: topic.slice(at + MARK_TIME.length).trim() }
}
