/** nginx's own form: a directive ends with `;` or holds others in braces. */
export interface Directive {
  name: string
  words: readonly string[]
  inside: readonly Directive[]
}

export function readNginx(text: string): Directive[] {
  const tokens = text.replace(/^\s*#.*$/gm, '').match(/'[^']*'|"[^"]*"|[{};]|(?:[^\s{};'"]|\{\d)+/g) ?? []
  const [directives, end] = block(tokens, 0)
  if (end !== tokens.length) throw new Error('a brace too many')
  return directives
}

function block(tokens: readonly string[], from: number): [Directive[], number] {
  const directives: Directive[] = []
  let words: string[] = []
  let at = from
  for (; at < tokens.length && tokens[at] !== '}'; at++) {
    const token = tokens[at] ?? ''
    if (token !== ';' && token !== '{') {
      words.push(token.replace(/^['"]|['"]$/g, ''))
      continue
    }
    const [inside, end] = token === '{' ? block(tokens, at + 1) : [[], at]
    if (token === '{' && tokens[end] !== '}') throw new Error(`${words.join(' ')}: a brace is missing`)
    directives.push({ name: words[0] ?? '', words: words.slice(1), inside })
    words = []
    at = end
  }
  if (words.length > 0) throw new Error(`${words.join(' ')}: a semicolon is missing`)
  return [directives, at]
}

export const named = (directives: readonly Directive[], name: string): Directive[] =>
  directives.filter(directive => directive.name === name)

/** nginx's choice: `=` first, then the longest prefix where it says `^~`, then the first pattern, then the longest prefix. */
export function locationFor(server: Directive, path: string): Directive {
  const locations = named(server.inside, 'location')
  const prefixes = locations
    .filter(({ words }) => words.length === 1 || words[0] === '^~')
    .filter(({ words }) => path.startsWith(words.at(-1) ?? ''))
    .sort((one, other) => (other.words.at(-1)?.length ?? 0) - (one.words.at(-1)?.length ?? 0))
  const exact = locations.find(({ words }) => words[0] === '=' && words[1] === path)
  const pattern = locations.find(({ words }) => words[0] === '~' && new RegExp(words[1] ?? '').test(path))
  const found = exact ?? (prefixes[0]?.words[0] === '^~' ? prefixes[0] : (pattern ?? prefixes[0]))
  if (!found) throw new Error(`no location for ${path}`)
  return found
}
