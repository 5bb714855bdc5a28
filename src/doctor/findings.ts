/** What a check found, in the operator's words: the fact, and where it is not good what to do. */
export interface Finding {
  /** 'warn' does not fail the whole: it may be so on purpose, or could not be looked at. */
  level: 'good' | 'warn' | 'bad'
  /** Holds no name, userid, address or id: it goes into the report for whoever helps. */
  fact: string
  next: readonly string[]
  /** What only the operator himself is shown: an address, the names of branches. */
  detail: string
}

/** One heading of the doctor's page. `lines` are shown as they are. */
export interface Section {
  title: string
  lines: readonly string[]
  findings: readonly Finding[]
}

const finding =
  (level: Finding['level']) =>
  (fact: string, next: string | readonly string[] = [], detail = ''): Finding => ({
    level,
    fact,
    next: typeof next === 'string' ? [next] : next,
    detail,
  })

export const good = finding('good')
export const warn = finding('warn')
export const bad = finding('bad')

export const isFine = (sections: readonly Section[]): boolean =>
  sections.every(({ findings }) => findings.every(({ level }) => level !== 'bad'))

const SIGN = { good: '✓', warn: '!', bad: '✗' } as const
const COLOUR = { good: 32, warn: 33, bad: 31 } as const

/** For a screen: `colour` where it is one. */
export function spellSections(sections: readonly Section[], colour: boolean): string {
  const told = sections.filter(({ lines, findings }) => lines.length + findings.length > 0)
  return told.map(section => spellSection(section, colour)).join('\n\n')
}

function spellSection({ title, lines, findings }: Section, colour: boolean): string {
  const said = findings.flatMap(({ level, fact, next, detail }) => {
    const sign = colour ? `\u001b[${COLOUR[level]}m${SIGN[level]}\u001b[0m` : SIGN[level]
    return [`  ${sign} ${fact}${detail && `：${detail}`}`, ...next.map(step => `      → ${step}`)]
  })
  return [title, ...lines.map(line => `  ${line}`), ...said].join('\n')
}

/** For the report: without the details, and without what to do. */
export const spellFacts = (sections: readonly Section[]): string[] =>
  sections.flatMap(({ findings }) => findings.map(({ level, fact }) => `${SIGN[level]} ${fact}`))
