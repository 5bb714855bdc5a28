import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type HolidayFault, readYears, setCalendar, type Years } from './domain/holidays.ts'

/** What the program is shipped with; an upgrade replaces it. */
const SHIPPED = fileURLToPath(new URL('../data/holidays.json', import.meta.url))

/** The township's own: with the data, so that it outlives an upgrade and goes along to another machine. */
export const ownHolidays = (folder: string): string => join(folder, 'holidays.json')

/**
 * Reads the calendar. Of a year that is in both the township's own counts. Never rejects: what is wrong is left out, and stays
 * to be told. `folder` null: no data folder is known.
 */
export async function loadHolidays(folder: string | null): Promise<readonly HolidayFault[]> {
  const files = [SHIPPED, ...(folder === null ? [] : [ownHolidays(folder)])]
  const read = await Promise.all(files.map(readOne))
  const faults = read.flatMap(one => one.faults)
  setCalendar(Object.assign({}, ...read.map(one => one.years)), faults)
  return faults
}

async function readOne(file: string): Promise<{ years: Years; faults: HolidayFault[] }> {
  try {
    return readYears(file, await readFile(file, 'utf8'))
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
    return { years: {}, faults: isAbsent ? [] : [{ file, year: null, what: '读不了，没有权限或者不是文件' }] }
  }
}
