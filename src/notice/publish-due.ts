import { minutesBetween, spellMoment } from '../clock.ts'
import { hears } from '../meeting/heads.ts'
import { type Notice, notices, people } from '../store/collections.ts'
import type { Tx } from '../store/records.ts'
import { sendNotice } from './sending.ts'

/** Later than this whoever scheduled it is told: it may have been overtaken. */
const LATE_MINUTES = 60

export const isDue = (notice: Notice, at: Date): boolean => notice.state === 'scheduled' && new Date(notice.dueAt) <= at

/** Sends a scheduled notice whose time has come; with nobody left to tell it is over. Returns how many it concerns. */
export async function publishDue(tx: Tx, notice: Notice): Promise<number> {
  const told = await sendNotice(tx, tx, notice)
  const { noticeId, by, dueAt } = notice
  if (told.length === 0) await tx.put(notices, { ...notice, state: 'cancelled' })
  await tx.audit({ by: 'auto', branchId: notice.branchId, what: 'send-notice', about: noticeId })
  const scheduler = await tx.get(people, by)
  if (minutesBetween(new Date(dueAt), tx.now) >= LATE_MINUTES && scheduler && hears(scheduler)) {
    const text = `${noticeId} 定在 ${spellMoment(new Date(dueAt))}，机器停过，现在才发。过时了请发：通知 收回 ${noticeId}`
    await tx.send({ text }, [by], { about: noticeId, key: `late:${noticeId}` })
  }
  return told.length
}
