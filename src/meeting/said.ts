import type { CommandContext } from '../bot/command.ts'
import { namePosts } from '../domain/roster.ts'
import type { When } from '../domain/when.ts'
import type { Meeting } from '../store/collections.ts'

/** What was said so far of a meeting to be called. */
export interface SaidSoFar {
  kinds?: Meeting['kinds'] | undefined
  when?: When | undefined
  place?: string | undefined
  topic?: string | undefined
}

/** '会议 新建 @水泉村党支部 党课 2026-11-26 19:00': up to where the place stands. */
export function lineOf({ audience }: CommandContext, { kinds, when }: SaidSoFar): string {
  const words = [
    audience?.branch && `@${audience.branch.name}`,
    audience?.group && `@${audience.group}`,
    ...(audience?.posts ?? []).map(post => `@${namePosts([post])}`),
    kinds?.join('+'),
    when?.day,
    when?.start && [when.start, when.end].filter(Boolean).join('-'),
  ]
  return ['会议 新建', ...words.filter(Boolean)].join(' ')
}
