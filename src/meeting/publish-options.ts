import { type CommandContext, type PublishSaid, URGENT } from '../bot/command.ts'
import { UserError } from '../errors.ts'
import type { Draft } from '../store/collections.ts'

/** What stands behind the draft's id: '/发布 d-12 现场码', '/发布 d-12 需回执 紧急 大雪封路'. */

/** The preview lay open too long, and is sent all the same. */
export const ANYWAY = '照发'

/** What may follow 紧急 is its reason: all of the rest. */
export function readOptions(ctx: CommandContext, draft: Draft, option: string): PublishSaid & { anyway: boolean } {
  const options = ctx.publishOptions(draft)
  const [, before = '', reason] = /^(.*?)(?:(?:^|\s)紧急(?:\s+([\s\S]+))?)?$/u.exec(option.trim()) ?? []
  const urgent = / 紧急(\s|$)/u.test(` ${option}`)
  const said = before.split(/\s+/u).filter(word => word !== '')
  const unknown = said.find(word => word !== ANYWAY && !options.includes(word))
  const refused = unknown ?? (urgent && !options.includes(URGENT) ? URGENT : undefined)
  if (refused) throw new UserError(`没看懂“${refused}”，还没有发布。这样发：发布 ${draft.draftId}`)
  const why = reason?.trim() ?? ''
  if (urgent && why === '')
    throw new UserError(`请写明为什么紧急，还没有发布。这样发：发布 ${draft.draftId} 紧急 大雪封路`)
  return {
    words: new Set(said.filter(word => word !== ANYWAY)),
    urgent: urgent ? why : null,
    anyway: said.includes(ANYWAY),
  }
}
