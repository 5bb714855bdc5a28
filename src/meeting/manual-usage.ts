import type { Entry } from '../bot/command.ts'

/** Typed as they stand they would be nobody and nothing. */
const STAND_INS = [
  ['m-17', '会议号'],
  ['n-17', '通知号'],
  ['q-3', '测验号'],
  ['张三', '姓名'],
] as const

/** '帮助 请假': what a line is for, and how it is said. `more`: how this person may say it besides. */
export function usage({ aliases, summary, examples }: Entry, more: string | null = null): string {
  const [name, ...others] = aliases
  const said = others.filter(alias => /\p{Script=Han}/u.test(alias))
  const lines = [`${name}：${summary}`, '这样发：', ...examples.map(example => example.replace(/^\//, ''))]
  const stands = STAND_INS.filter(([example]) => examples.some(each => each.includes(example)))
  if (stands.length > 0) {
    const [what, instead] = [stands.map(([example]) => example), stands.map(([, thing]) => thing)]
    lines.push(`${what.join('、')}是举例，请换成要说的${instead.join('、')}`)
  }
  if (more) lines.push(more)
  if (said.length > 0) lines.push(`也可以说：${said.join('、')}`)
  return lines.join('\n')
}
