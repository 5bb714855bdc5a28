import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readDirectory } from '../../src/simulator/simulator.ts'

const sample = readFileSync(new URL('../../data/sample-roster.csv', import.meta.url), 'utf8')

describe('the directory', () => {
  it('reads people, posts and clients from a roster with a BOM and columns in any order', () => {
    const [person] = readDirectory(
      '\uFEFF姓名,账号,微信,支部,党内职务,别的\n王建国,WangJG,是,水泉村党支部,书记、党小组长,x\n',
    )
    const membership = { branch: '水泉村党支部', group: null, posts: ['书记', '党小组长'] }
    expect(person).toMatchObject({ userId: 'WangJG', name: '王建国', wechat: true, noPhone: false, status: '在册' })
    expect(person?.memberships).toEqual([membership])
  })

  it('makes two rows of one account one person, his own branch first', () => {
    const people = readDirectory(
      '账号,姓名,支部,党内职务\nchengang,陈刚,镇机关党支部,\nChenGang,陈刚,水泉村党支部,第一书记\n',
    )
    expect(people).toHaveLength(1)
    expect(people[0]?.memberships.map(membership => membership.branch)).toEqual(['镇机关党支部', '水泉村党支部'])
  })

  it('ships a sample township with every kind of member', () => {
    const people = readDirectory(sample)
    const posts = new Set(people.flatMap(person => person.memberships.flatMap(membership => membership.posts)))
    expect([...posts].sort()).toEqual(
      ['书记', '副书记', '组织委员', '宣传委员', '纪检委员', '党小组长', '第一书记'].sort(),
    )
    expect(new Set(people.map(person => person.identity)).size).toBe(4)
    expect(new Set(people.map(person => person.status)).size).toBe(4)
    expect(people.filter(person => person.name === '张伟')).toHaveLength(2)
    expect(people.filter(person => person.memberships.length > 1)).toHaveLength(1)
    expect(new Set(people.flatMap(person => person.memberships.map(membership => membership.branch))).size).toBe(3)
  })

  it('holds no phone or identity numbers in the sample', () => {
    expect(sample).not.toMatch(/\d{11}/)
  })
})
