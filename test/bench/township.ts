/** A township of the size that one bot is for: 30 branches, 2,000 people. Every second thirty gets no messages (无手机), but may speak. */
export const PEOPLE = 2000
export const BRANCHES = 30

const branchName = (branch: number): string => `第${branch + 1}村党支部`
export const userId = (person: number): string => `person${String(person).padStart(4, '0')}`

/** The first person of each branch is its secretary: person n belongs to branch n modulo BRANCHES. */
export const SECRETARIES: readonly string[] = Array.from({ length: BRANCHES }, (_, branch) => userId(branch))
export const EVERYBODY: readonly string[] = Array.from({ length: PEOPLE }, (_, person) => userId(person))

const hasPhone = (person: number): boolean => Math.floor(person / BRANCHES) % 2 === 0

/** Who collects, and the line with which he books one person; his own are not his. `told`: who gets the receipt as a message. */
export const collecting = (told: boolean): readonly (readonly [userId: string, line: string])[] =>
  EVERYBODY.map((_, person) => person)
    .filter(person => person >= BRANCHES && hasPhone(person) === told)
    .map(person => [SECRETARIES[person % BRANCHES] ?? '', `收缴 党员${person}`])

export function rosterCsv(): string {
  const rows = EVERYBODY.map((id, person) => {
    const post = person < BRANCHES ? '书记' : ''
    return `${id},党员${person},${branchName(person % BRANCHES)},正式党员,${post},在册,2010-07-01,农民,0.50,${hasPhone(person) ? '' : '是'}`
  })
  return ['账号,姓名,支部,身份,党内职务,状态,入党日期,缴费类别,月缴党费,无手机', ...rows].join('\n')
}
