import { describe, expect, it } from 'vitest'
import {
  describe as describePerson,
  explainUnclear,
  findPeople,
  joinGroups,
  namesSomebody,
  nearestName,
} from '../../src/domain/people.ts'
import { blankPerson } from '../../src/domain/roster.ts'
import type { Person } from '../../src/store/collections.ts'

let number = 0
function person(name: string, group: string | null = null, joinedOn: string | null = null, branchId = 'b-1'): Person {
  number += 1
  const memberships = [{ branchId, group, posts: [], standingLeave: null }]
  return { ...blankPerson(`p-${number}`), userId: `u${number}`, name, joinedOn, memberships }
}

const shan = person('单雄信', '一组', '2001-06-01')
const zeng = person('曾国藩', '一组', '2002-06-01')
const wei1 = person('张伟', '一组', '2008-06-01')
const wei2 = person('张伟', '二组', '2015-06-01')
const guli = person('古丽·买买提', '二组')
const lisi = person('李四')
const everybody = [shan, zeng, wei1, wei2, guli, lisi]
const rows = [zeng, lisi, wei2, shan, wei1].map(each => each.personId)
const find = (...words: string[]) => findPeople(words, everybody, { branchId: 'b-1', rows })
const names = (...words: string[]) => find(...words).found.map(each => each.name)

describe('people are found', () => {
  it('by name, several words or joined by 、 and ，, each once in the order said', () => {
    expect(names('李四', '曾国藩')).toEqual(['李四', '曾国藩'])
    expect(names('曾国藩、李四，单雄信', '李四')).toEqual(['曾国藩', '李四', '单雄信'])
    expect(names('李四同志')).toEqual(['李四'])
  })

  it('by initials, the surname read as a surname, in any case and width', () => {
    expect(names('sxx', 'ZGF')).toEqual(['单雄信', '曾国藩'])
    expect(names('ｚｇｆ', 'glmmt')).toEqual(['曾国藩', '古丽·买买提'])
    expect(find('dxx').unknown).toEqual(['dxx'])
  })

  it('by name without the dot', () => {
    expect(names('古丽买买提', '古丽•买买提')).toEqual(['古丽·买买提'])
  })

  it('by row number, in ranges too', () => {
    expect(names('2', '1号')).toEqual(['李四', '曾国藩'])
    expect(find('3-5').found).toEqual([wei2, shan, wei1])
    expect(find('３～４', '第1行').found).toEqual([wei2, shan, zeng])
  })

  it('not by a row that the roll has not', () => {
    expect(find('0', '6', '4-9', '5-3').unknown).toEqual(['0', '6', '4-9', '5-3'])
  })

  it('by row number only after a roll was shown', () => {
    expect(() => findPeople(['3'], everybody, { branchId: 'b-1' })).toThrow('先发“名单”')
  })

  it('not by an amount', () => {
    expect(namesSomebody('0.5', everybody)).toBe(false)
    expect(find('0.5').unknown).toEqual(['0.5'])
  })

  it('by personId, which is what buttons say', () => {
    expect(find(wei2.personId).found).toEqual([wei2])
  })
})

describe('two of one name', () => {
  it('are asked about, told apart by group and year of joining', () => {
    const result = find('张伟')
    expect(result.found).toEqual([])
    expect(result.ambiguous).toEqual([
      {
        word: '张伟',
        people: [wei1, wei2],
        told: ['张伟（一组，2008年入党）', '张伟（二组，2015年入党）'],
        example: '张伟一组',
      },
    ])
    expect(explainUnclear(result, everybody, '准假')).toBe(
      '叫“张伟”的有 2 位：张伟（一组，2008年入党）；张伟（二组，2015年入党）。这样发：准假 张伟一组',
    )
  })

  it('are found by what tells them apart', () => {
    for (const word of ['张伟（二组，2015年入党）', '张伟二组', '张伟2015', '张伟(2015)', '张伟（二组）']) {
      expect(find(word).found).toEqual([wei2])
    }
  })

  it('are told apart by our number where all else is the same', () => {
    const twins = [person('王五', '一组', '2008-06-01'), person('王五', '一组', '2008-09-01')]
    const [asked] = findPeople(['ww'], twins, { branchId: 'b-1' }).ambiguous
    expect(asked?.told).toEqual(twins.map(each => `王五（一组，2008年入党，${each.personId}）`))
    expect(findPeople([asked?.told[1] ?? ''], twins, { branchId: 'b-1' }).found).toEqual([twins[1]])
    expect(findPeople([asked?.example ?? ''], twins, { branchId: 'b-1' }).found).toEqual([twins[0]])
  })

  it('get an example that finds one of them, in the fewest words', () => {
    const same = [person('王五', '一组', '2008-06-01'), person('王五', '一组', '2011-09-01')]
    const [asked] = findPeople(['王五'], same, { branchId: 'b-1' }).ambiguous
    expect(asked?.example).toBe('王五2008')
    const [initials] = findPeople(['zw'], [wei1, person('赵武', '一组')], { branchId: 'b-1' }).ambiguous
    expect(initials?.example).toBe('张伟')
  })

  it('may be named by name and group in two words; other words stay apart', () => {
    expect(joinGroups(['张伟', '二组', '李四', '出差'], everybody)).toEqual(['张伟二组', '李四', '出差'])
    expect(joinGroups(['张伟', '2008', '古丽买买提', '一组'], everybody)).toEqual([
      '张伟',
      '2008',
      '古丽买买提',
      '一组',
    ])
  })

  it('are not asked about where one of them is of the branch in question', () => {
    const elsewhere = person('李四', null, null, 'b-2')
    expect(findPeople(['李四'], [...everybody, elsewhere], { branchId: 'b-2' }).found).toEqual([elsewhere])
    expect(findPeople(['李四'], [...everybody, elsewhere], { branchId: null }).ambiguous).toHaveLength(1)
  })

  it('are never told apart by phone or birth', () => {
    expect(describePerson(lisi, 'b-1')).toBe('李四')
    expect(describePerson(guli, 'b-1')).toBe('古丽·买买提（二组）')
  })
})

describe('a word names somebody', () => {
  it.each(['李四', 'zgf', '张伟', '7', '123', '3-5', '3号', '张伟、李某某', 'p-1'])('%s', word => {
    expect(namesSomebody(word, everybody)).toBe(true)
  })

  it.each(['孙子结婚', '李某某', '1234', 'abc', 'm-17', '11-26日', '', '、', '2026-11'])('not %j', word => {
    expect(namesSomebody(word, everybody)).toBe(false)
  })
})

describe('a typing error', () => {
  it('gets the one name that is near', () => {
    expect(nearestName('曾国番', everybody)).toBe('曾国藩')
    expect(nearestName('曾国', everybody)).toBe('曾国藩')
    expect(nearestName('张韦', everybody)).toBe('张伟')
    expect(nearestName('李四', everybody)).toBeUndefined()
    expect(nearestName('王二麻', everybody)).toBeUndefined()
  })

  it('gets the one that sounds the same of several', () => {
    const near = [person('张三'), person('张伟'), person('张力')]
    expect(nearestName('张丽', near)).toBe('张力')
    expect(nearestName('张安', near)).toBeUndefined()
  })

  it('is answered with the fact and the next step', () => {
    expect(explainUnclear(find('曾国番'), everybody, '补签')).toBe(
      '没有找到“曾国番”。是曾国藩吗？请按名册上的姓名再发一次。',
    )
    expect(explainUnclear(find('赵六'), everybody, '补签')).toBe('没有找到“赵六”。请按名册上的姓名再发一次。')
    expect(explainUnclear(find('李四'), everybody, '补签')).toBeNull()
  })
})
