import type { CommandContext, CommandTx } from '../bot/command.ts'
import { timeOf } from '../clock.ts'

/** A paper for whoever asked: it is made when the message is delivered. */
export interface PaperSent {
  /** Who makes it, and of what: plain JSON, kept until it is delivered. */
  report: string
  args: object
  /** '签到表：m-17 党课…' */
  says: string
  /** What to do with it, or to whom it must not go. */
  note: string
  /** In the audit: whose it is (null: the township's), 'print-sheet', of what. */
  branchId: string | null
  audited: string
  about: string
  after?: object
}

/** Every asking is kept, with who asked. */
export async function sendPaper(ctx: CommandContext, tx: CommandTx, paper: PaperSent): Promise<void> {
  const { report, args, says, note, branchId, audited, about, after } = paper
  const by = ctx.person.personId
  await tx.audit({ by, branchId, what: audited, about, ...(after && { after }) })
  // The time in the words keeps WeCom from taking a second one for a repeat.
  const text = `${says}（${timeOf(ctx.now)} 要的）。${note}`
  await tx.send({ text, file: { report, args: { ...args } } }, [by], { urgent: true })
}
