import { type BankFile, cleaned, type Draft, emptyDraft } from './bank-draft.ts'

/**
 * What Moodle exports, as far as a party quiz needs it: Aiken, and of GIFT choices, several right ones by weights, true or
 * false, short answers and missing words. Matching, numbers and essays are named and refused.
 */

export const isAiken = (text: string): boolean => /^ANSWER\s*[:：]\s*[A-Z]/m.test(text)

export function readAiken(text: string): BankFile {
  const drafts: Draft[] = []
  let draft: Draft | null = null
  text.split(/\r?\n/).forEach((raw, at) => {
    const line = cleaned(raw)
    if (line === '') return
    draft ??= emptyDraft(at + 1, `第 ${at + 1} 行`)
    const [, answer] = /^ANSWER\s*[:：]\s*(.*)$/.exec(line) ?? []
    const [, letter, option = ''] = /^([A-Z])[.)]\s+(.*)$/s.exec(line) ?? []
    if (answer !== undefined) {
      drafts.push({ ...draft, answer })
      draft = null
    } else if (letter === undefined) draft.stem = draft.stem === '' ? line : `${draft.stem}\n${line}`
    else if (letter.charCodeAt(0) - 65 === draft.options.length) draft.options.push(option)
    else draft.flaws.push({ column: '选项', why: `选项 ${letter} 的次序不对。请从 A 起依次写` })
  })
  if (draft) drafts.push(draft)
  return { form: 'Aiken', title: null, drafts, unknownColumns: [] }
}

const ESCAPED = /\\([~=#{}:\\n])/g
/** What is escaped stands for itself while the signs are looked at: in the private use area, where no text is. */
const hide = (text: string): string => text.replace(ESCAPED, (_, sign: string) => HIDDEN[sign] ?? sign)
const HIDDEN: Readonly<Record<string, string>> = Object.fromEntries(
  [...'~=#{}:\\n'].map((sign, at) => [sign, String.fromCharCode(0xe000 + at)]),
)
const SHOWN: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(HIDDEN).map(([sign, hidden]) => [hidden, sign === 'n' ? '\n' : sign]),
)
const show = (text: string): string => cleaned(text.replace(/[\ue000-\ue007]/g, sign => SHOWN[sign] ?? sign))

export const isGift = (text: string): boolean =>
  /\{\s*(?:[=~#]|T\s*[}#]|F\s*[}#]|TRUE|FALSE|\})/i.test(hide(text)) && !/^[\s]*[[{]/.test(text)

export function readGift(text: string): BankFile {
  const drafts: Draft[] = []
  let category = ''
  let title: string | null = null
  for (const { line, block } of blocksOf(text)) {
    const [, path] = /^\$CATEGORY\s*:\s*(.*)$/im.exec(block) ?? []
    if (path !== undefined) {
      category = lastOf(path)
      title ??= category || null
    }
    const question = block.replace(/^\$CATEGORY\s*:.*$/gim, '').trim()
    if (question !== '') drafts.push({ ...readGiftQuestion(question, line), category })
  }
  return { form: 'GIFT', title, drafts, unknownColumns: [] }
}

/** '$course$/党章/第一章' -> '第一章'. */
const lastOf = (path: string): string =>
  cleaned(
    path
      .split('/')
      .filter(part => !/^\$.*\$$|^top$/.test(part))
      .at(-1) ?? '',
  )

/** Questions have an empty line between them; an answer in braces may hold one. */
function blocksOf(text: string): { line: number; block: string }[] {
  const blocks: { line: number; block: string }[] = []
  let [block, from, depth] = ['', 0, 0]
  const end = () => {
    if (block.trim() !== '') blocks.push({ line: from, block: hide(block).trim() })
    block = ''
  }
  text.split(/\r?\n/).forEach((line, at) => {
    if (/^\s*\/\//.test(line)) return
    if (line.trim() === '' && depth <= 0) end()
    else {
      if (block.trim() === '') from = at + 1
      block += `${line}\n`
      depth += count(hide(line), '{') - count(hide(line), '}')
    }
  })
  end()
  return blocks
}

const count = (text: string, sign: string): number => text.split(sign).length - 1

function readGiftQuestion(block: string, line: number): Draft {
  const draft = emptyDraft(line, `第 ${line} 行`)
  const bare = block.replace(/^::[\s\S]*?::/, '').trim()
  const [, before = '', inside, after = ''] = /^([\s\S]*?)\{([\s\S]*?)\}([\s\S]*)$/.exec(bare) ?? []
  if (inside === undefined) {
    const why = bare.includes('{') ? '大括号没有配对。请补上 }' : '没有大括号里的答案。请补上答案，或删掉这一段'
    return { ...draft, flaws: [{ column: '', why }] }
  }
  const gap = after.trim() === '' ? '' : '____'
  const stem = show(`${before.trim()}${gap}${after.trim()}`.replace(/^\[(?:html|markdown|plain|moodle)\]/i, ''))
  const [, answers = inside, feedback = ''] = /^([\s\S]*?)####([\s\S]*)$/.exec(inside) ?? []
  return { ...draft, stem, explanation: show(feedback), ...readGiftAnswers(answers.trim()) }
}

const refuse = (what: string): Partial<Draft> => ({
  flaws: [{ column: '', why: `${what}不能导入，只读选择、判断和填空。请改写，或删掉这一题` }],
})

function readGiftAnswers(answers: string): Partial<Draft> {
  const [, truth] = /^(T|F|TRUE|FALSE)\s*(?:#|$)/i.exec(answers) ?? []
  if (truth) return { kind: '判断', answer: /^t/i.test(truth) ? '对' : '错' }
  if (answers === '') return refuse('问答题')
  if (answers.startsWith('#')) return refuse('数值题')
  const choices = [...answers.matchAll(/([=~])\s*(?:%(-?[\d.]+)%)?([^=~]*)/g)].map(([, sign, weight, text = '']) => ({
    right: weight === undefined ? sign === '=' : Number(weight) > 0,
    wholly: sign === '=' && (weight === undefined || Number(weight) === 100),
    wrong: sign === '~',
    text: show(text.split('#')[0] ?? ''),
  }))
  if (choices.length === 0) return refuse('看不懂的题')
  if (choices.some(({ text }) => / ?-> ?/.test(text))) return refuse('匹配题')
  // Without a wrong one, what may be typed; what is worth a part of the points there is not right here.
  if (choices.every(({ wrong }) => !wrong)) {
    return { kind: '填空', answer: choices.filter(({ wholly }) => wholly).map(({ text }) => text) }
  }
  const right = choices.flatMap(({ right: isRight }, at) => (isRight ? [String.fromCharCode(65 + at)] : []))
  const single = choices.some(({ wholly }) => wholly)
  const kind = single || right.length < 2 ? '单选' : '多选'
  return { kind, options: choices.map(({ text }) => text), answer: right.join('') }
}
