import { collectHelp, HELP_REPORT } from './branch/print-help.ts'
import { collectDues, REPORT as DUES_REPORT } from './dues/report.ts'
import type { Collectors } from './export/reports.ts'
import { collectRecord, RECORD_REPORT } from './meeting/print-record.ts'
import { collectSheet, SHEET_REPORT } from './meeting/print-sheet.ts'
import { REPORT as ATTENDANCE_REPORT, collectAttendance } from './office/attendance-paper.ts'
import { collectMeetings, REPORT as MEETINGS_REPORT } from './office/meetings-paper.ts'
import { collectRoster, REPORT as ROSTER_REPORT } from './office/roster-paper.ts'
import type { Store } from './store/records.ts'
import { BANK_REPORT, collectBank } from './study/print.ts'
import { collectStudy, REPORT as STUDY_REPORT } from './study/report.ts'
import { collectSeries } from './study/series-report.ts'
import { REPORT as SERIES_REPORT } from './study/series-summary.ts'

/** The papers that people can be sent as files, by the names that messages order them by. */
export const collectorsOf = (store: Store): Collectors => ({
  [DUES_REPORT]: collectDues(store),
  [ATTENDANCE_REPORT]: collectAttendance(store),
  [MEETINGS_REPORT]: collectMeetings(store),
  [ROSTER_REPORT]: collectRoster(store),
  [BANK_REPORT]: collectBank(store),
  [STUDY_REPORT]: collectStudy(store),
  [SERIES_REPORT]: collectSeries(store),
  [SHEET_REPORT]: collectSheet(store),
  [RECORD_REPORT]: collectRecord(store),
  [HELP_REPORT]: collectHelp(store),
})
