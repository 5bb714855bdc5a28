import { z } from 'zod'
import { defineCommand } from '../src/bot/command.ts'

/** WeCom delivers no files to an app, so the file goes to the machine, by whoever runs it. */
const HOW = [
  '企业微信不会把文件交给本应用，请把名册表（.xlsx 或 CSV）交给管服务器的人，先试算再导入：',
  'npm run roster -- import 名册.xlsx --dry-run',
  'npm run roster -- import 名册.xlsx',
  '表头要有 账号、姓名、支部，其余按需：党小组、身份、党内职务、状态、入党日期、转正日期、缴费类别、月缴党费、流动党员、无手机……；另一张工作表“支部”写：支部、类型、联系领导、换届日期。',
  '错一行就都不导入，错在哪一行哪一列会写明；表里没有的人不会被删。',
]

export default defineCommand({
  name: 'roster-import',
  aliases: ['名册 导入', '名册', 'roster import'],
  summary: '名册表怎么导入',
  moment: '我',
  examples: ['/名册 导入'],
  allow: ['admin'],
  args: z.object({}),

  run: async () => ({ text: HOW.join('\n') }),
})
