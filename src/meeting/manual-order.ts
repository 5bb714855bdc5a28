/** The order in which /帮助 names the lines. */
export const MOMENTS = ['会前', '会中', '会后', '通知', '党费', '学习', '我'] as const

/** Within a moment, in the order in which a meeting goes; what is not named comes last. */
const ORDER: readonly string[] = [
  ...['meeting-new', 'meeting-again', 'publish', 'drop', 'meeting-move', 'meeting-cancel', 'meetings', 'leave'],
  ...['leave-grant', 'leave-refuse', 'sheet', 'check-in', 'roll', 'meeting-code', 'ballot', 'meeting-close'],
  ...['backfill', 'record', 'report', 'report-attendance', 'report-meetings'],
  ...['notices', 'ack', 'notice-send', 'notice-schedule', 'notice-change', 'notice-status', 'notice-urge'],
  ...['notice-recall', 'broadcast', 'sent-log', 'group-make', 'group-bot', 'group-unbind'],
  ...['todo', 'me', 'undo', 'unsubscribe', 'subscribe', 'client', 'suggest', 'answer-suggestion', 'why', 'person'],
  ...['person-leave', 'person-return', 'person-confirm', 'person-posts'],
  ...['quiz-answer', 'quiz-publish', 'quiz-status', 'quiz-end', 'question', 'question-correct', 'question-withdraw'],
  ...['branches', 'roster-import', 'roster-sync', 'settings', 'help', 'help-print'],
]

export function placeOf(name: string): number {
  const at = ORDER.indexOf(name)
  return at < 0 ? ORDER.length : at
}
