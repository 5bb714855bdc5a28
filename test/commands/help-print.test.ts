import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { importRoster } from '../../src/import/roster.ts'
import { startBot, type TestBot, TOWNSHIP } from '../bot.ts'
import { type Paper, paperFor } from '../export/documents.ts'

async function printed(bot: TestBot, userId: string, line = '帮助 打印'): Promise<Paper> {
  expect(await bot.says(userId, line)).toContain('明白纸在做，做好就发给您')
  return paperFor(bot, userId)
}

const enrol = (bot: TestBot, roster: string) =>
  importRoster(bot.service.store, Buffer.from(roster), { dryRun: false, by: 'test' })

describe('the sheet for the wall', () => {
  it('has what to say, and whom to phone by post and name, with a blank for the number', async () => {
    const bot = await startBot()
    const { name, text, rows } = await printed(bot, 'zhangsan')
    expect(name).toBe('明白纸 水泉村党支部.docx')
    expect(text).toContain('水泉村党支部 明白纸')
    expect(rows).toEqual([
      ['开会到了', '签到'],
      ['开会来不了', '请假 发烧'],
      ['看我的党费', '党费'],
      ['忘了怎么说', '帮助'],
      ['书记', '王树基', '电话'],
      ['副书记', '李福书', '电话'],
      ['组织委员', '赵祖志', '电话'],
      ['一组组长', '周祖章', '电话'],
      ['宣传委员', '钱宣', '电话'],
      ['纪检委员', '孙纪俭', '电话'],
    ])
    expect(text).not.toMatch(/\d/)
    for (const [, say = ''] of rows.slice(0, 4)) expect(await bot.says('zhangsan', say)).not.toMatch(/没看懂|没有这条/)
  })

  it('is of one’s own branch, of another only where one may name it', async () => {
    const bot = await startBot()
    expect((await printed(bot, 'qiaoyi')).rows.slice(4)).toEqual([
      ['书记', '乔书记', '电话'],
      ['第一书记', '梁边', '电话'],
    ])
    expect((await printed(bot, 'zhenban', '明白纸')).name).toBe('明白纸 石桥村党支部.docx')
    expect((await printed(bot, 'zhenban', '帮助 打印 @水泉')).name).toBe('明白纸 水泉村党支部.docx')
    expect((await printed(bot, 'liangbian', '帮助 打印 @石桥')).name).toBe('明白纸 石桥村党支部.docx')
    expect(await bot.says('zhangsan', '帮助 打印 @石桥')).toContain('不归您管')
  })

  it('has one row for a person of two posts, and blanks where nobody holds one', async () => {
    const bot = await startBot()
    const roster = await readFile(TOWNSHIP, 'utf8')
    await enrol(bot, roster.replace(/(王树基.*),书记,/, '$1,书记、组织委员,').replace('王树基,', '王<b>&基,'))
    expect((await printed(bot, 'zhangsan')).rows[4]).toEqual(['书记 组织委员', '王<b>&基', '电话'])
    const posts = /书记、组织委员|副书记|第一书记|书记|组织委员|宣传委员|纪检委员|党小组长/g
    const [head = '', ...rows] = roster.split('\n')
    await enrol(bot, [head, ...rows.map(row => row.replace(/,[^,]*,在册/, post => post.replace(posts, '')))].join('\n'))
    expect((await printed(bot, 'lisi')).rows.slice(4)).toEqual([
      ['支部书记', '', '电话'],
      ['镇党建办', '', '电话'],
    ])
  })
})
