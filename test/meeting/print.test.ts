import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quorumFigures, sheetRows, tally } from '../../src/domain/attendance.ts'
import type { Block, Document } from '../../src/export/document.ts'
import { recordDocument } from '../../src/meeting/print-record.ts'
import { sheetDocument } from '../../src/meeting/print-sheet.ts'
import type { Roll } from '../../src/meeting/roll.ts'
import type { Attendance, Meeting, RollRow } from '../../src/store/collections.ts'
import {
  attendance,
  BRANCH,
  came,
  cameThough,
  MEETING,
  membership,
  onLeave,
  person,
} from '../domain/people-at-meetings.ts'

const at = new Date('2026-11-26T13:30:00.000Z')
const meeting: Meeting = {
  ...MEETING,
  kinds: ['党员大会'],
  place: '村部',
  topic: '修路',
  code: '4821',
  codeWanted: false,
  state: 'open',
  calledBy: 'p-1',
  calledAt: '2026-11-24T01:00:00.000Z',
  closesAt: '2026-11-26T16:00:00.000Z',
  closed: null,
  cancelReason: null,
}
const branch = { branchId: BRANCH, number: 3, name: '水泉村党支部', kind: null, leader: null, termEndsOn: null }

type Did = 'nothing' | 'came' | 'late' | 'granted' | 'asked' | 'refused' | 'cameThough'
const DID: Readonly<Record<Did, (number: number) => Attendance>> = {
  nothing: number => attendance(number, {}),
  came: number => came(number),
  late: number => came(number, { method: 'backfill', beforeClose: false }),
  granted: number => onLeave(number),
  asked: number => onLeave(number, 'asked'),
  refused: number => onLeave(number, 'refused'),
  cameThough: number => cameThough(number, 'granted'),
}

const rolls = fc
  .array(
    fc.record({
      standing: fc.constantFrom<RollRow['standing']>('expected', 'expected', 'expected', 'exempt', 'observer', 'away'),
      votes: fc.boolean(),
      did: fc.constantFrom(...(Object.keys(DID) as Did[])),
      noPhone: fc.boolean(),
    }),
    { maxLength: 40 },
  )
  .map(
    (all): Roll => ({
      rows: all.map(({ standing, votes }, index) => ({ personId: `p-${index + 1}`, standing, votes })),
      attendances: all.map(({ did }, index) => DID[did](index + 1)),
      people: new Map(all.map((_one, index) => [`p-${index + 1}`, person(index + 1)])),
      noPhone: new Set(all.flatMap(({ noPhone }, index) => (noPhone ? [`p-${index + 1}`] : []))),
    }),
  )

function closed(roll: Roll): Document {
  const quorum = quorumFigures(roll.rows, roll.attendances)
  const closing = { at: at.toISOString(), by: null, roll: [...roll.rows], quorum }
  return recordDocument(
    {
      meeting: { ...meeting, state: 'closed', closed: closing },
      branchName: branch.name,
      roll,
      report: { tally: tally(roll.rows, roll.attendances), quorum },
      ballots: [],
      caller: '王树基',
      closer: null,
    },
    at,
  )
}

const ofKind = <K extends Block['kind']>({ blocks }: Document, kind: K) =>
  blocks.filter((block): block is Extract<Block, { kind: K }> => block.kind === kind)
const listed = (document: Document, label: string): string[] =>
  ofKind(document, 'text').flatMap(({ strong = '', text }) => (strong.startsWith(label) ? text.split('、') : []))
const figure = (document: Document, label: string): string | undefined =>
  ofKind(document, 'fields')
    .flatMap(({ fields }) => fields)
    .find(field => field.label === label)?.value

describe('the papers of a meeting', () => {
  it('name as many people as their figures say, and each once', () => {
    fc.assert(
      fc.property(rolls, roll => {
        const record = closed(roll)
        const { expected, present, onLeave: away, absent, observers, awayPresent } = tally(roll.rows, roll.attendances)
        const told = ofKind(record, 'table').flatMap(({ rows }) => rows.map(row => ('cells' in row ? row.cells : [])))
        const untold = ofKind(record, 'text').flatMap(({ strong = '', text }) =>
          /^(?:长期)?请假|^缺席/u.test(strong) ? text.split('、').map(name => [name, strong]) : [],
        )
        const missing = [...told, ...untold]
        const as = (what: string) => missing.filter(([, state]) => state?.startsWith(what))
        const lists = [listed(record, '实到'), listed(record, '列席'), listed(record, '到会的流动党员')]
        expect(lists.map(names => names.length)).toEqual([present, observers, awayPresent])
        expect([as('请假').length, as('缺席').length]).toEqual([away, absent])
        expect([figure(record, '应到'), figure(record, '缺席')]).toEqual([`${expected} 人`, `${absent} 人`])
        const names = [...lists.flat().map(name => name.replace(/（.*/, '')), ...missing.map(([name]) => name)]
        expect(new Set(names).size).toBe(names.length)
      }),
    )
  })

  it('number the rows of the sheet as the roll does, everybody once', () => {
    fc.assert(
      fc.property(rolls, roll => {
        const [table] = ofKind(sheetDocument(meeting, branch, roll, at), 'table')
        const numbered = table?.rows.flatMap(row => ('cells' in row && row.cells[0] ? [row.cells.slice(0, 2)] : []))
        const wanted = sheetRows(roll.rows, roll.attendances).map(({ number, personId }) => [
          String(number),
          roll.people.get(personId)?.name,
        ])
        expect(numbered).toEqual(wanted)
      }),
    )
  })

  it('say so where nobody is expected', () => {
    const nobody: Roll = { rows: [], attendances: [], people: new Map(), noPhone: new Set() }
    const sheet = sheetDocument({ ...meeting, group: '三组' }, branch, nobody, at)
    expect(JSON.stringify(sheet)).toContain('名册上没有这次会议应到的人（三组）')
    expect(figure(sheet, '应到')).toBe('0 人')
    const record = closed(nobody)
    expect(JSON.stringify(record)).toContain('名册上没有这次会议应到的人。')
    expect(JSON.stringify(record)).not.toContain('没有人请假')
  })

  it('tell namesakes apart on the sheet by their group, and by the year where that is the same', () => {
    const called = (number: number, group: string, joinedOn: string) =>
      person(number, { name: '张伟', joinedOn }, membership({ group }))
    const people = [called(1, '一组', '2008-07-01'), called(2, '一组', '2015-07-01'), called(3, '二组', '2015-07-01')]
    const roll: Roll = {
      rows: people.map(({ personId }) => ({ personId, standing: 'expected', votes: true })),
      attendances: [],
      people: new Map(people.map(one => [one.personId, one])),
      noPhone: new Set(),
    }
    const [table] = ofKind(sheetDocument(meeting, branch, roll, at), 'table')
    expect(table?.rows.slice(0, 3).map(row => 'cells' in row && row.cells.slice(1, 3))).toEqual([
      ['张伟\n2008年入党', '一组'],
      ['张伟\n2015年入党', '一组'],
      ['张伟', '二组'],
    ])
  })

  it('keep a record of a branch that has left the roster: its row stays, its name is gone', () => {
    const roll: Roll = {
      rows: [{ personId: 'p-9', standing: 'expected', votes: true }],
      attendances: [came(9)],
      people: new Map(),
      noPhone: new Set(),
    }
    expect(listed(closed(roll), '实到')).toEqual(['已不在册'])
    const [table] = ofKind(sheetDocument(meeting, branch, roll, at), 'table')
    expect(table?.rows[0]).toEqual({ cells: ['1', '已不在册', '', '', '18:50', '手机签到'] })
  })
})
