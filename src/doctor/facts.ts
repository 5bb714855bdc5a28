import { z } from 'zod'

/** What a running service tells the doctor (`POST /control/facts`). Userids and branches' names stay on this machine. */
const counts = z.record(z.string(), z.number())

export const township = z.object({
  /** Of whom a message should reach: on the roster, with an account and a phone. Lower case. */
  userIds: z.array(z.string()),
  /** On the roster, and not among those: told by mouth. */
  withoutPhone: z.number(),
  withoutAccount: z.number(),
  branches: z.number(),
  /** Groups made by the bot, with the branch's name. */
  chats: z.array(z.object({ branch: z.string(), chatId: z.string() })),
  /** Ordinary groups with a robot. */
  robots: z.number(),
  /** Why messages of the last month did not reach people: by WeCom's code, or ours. */
  unreached: counts,
})
export type Township = z.infer<typeof township>

export const storeFigures = z.object({ commits: z.number(), journalBytes: z.number(), records: counts })

export const facts = z.object({
  now: z.iso.datetime(),
  mode: z.enum(['simulator', 'wecom']),
  upSeconds: z.number(),
  secondsSinceCallback: z.number().nullable(),
  clockDifferenceMs: z.number().nullable(),
  outboxWaiting: z.number(),
  choresWaiting: z.number(),
  /** Callbacks that were turned away, by reason. */
  refused: counts,
  calls: z.array(z.object({ api: z.string(), code: z.string(), count: z.number() })),
  lines: counts,
  store: storeFigures,
  township,
})
export type Facts = z.infer<typeof facts>
