import { distance } from 'fastest-levenshtein'
import type { Command, Entry, Manual } from './command.ts'
import { foldInPlace, wordsOf } from './line.ts'
import type { Registry } from './load.ts'

/** What one person may say, and what he may have meant. */
export function manualOf(registry: Registry, mayUse: (command: Command) => boolean): Manual {
  return {
    mine: registry.commands.filter(mayUse),
    find: words => {
      const command = registry.aliases.whole(words.replace(/^[/／]/u, ''))
      return command && mayUse(command) ? command : undefined
    },
  }
}

/** One edit away for short words, two for words of four characters and more: a near word asks, it never acts. */
export function nearest(manual: Manual, text: string): readonly Entry[] {
  const said = wordsOf(foldInPlace(text))
  const candidates = [said[0] ?? '', said.slice(0, 2).join('')]
  const scored = manual.mine.map(entry => ({ entry, far: Math.min(...candidates.map(word => farness(entry, word))) }))
  return scored
    .filter(({ far }) => far < 1)
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ entry }) => entry)
}

/** 0 = the same, below 1 = near enough to ask. */
function farness(entry: Entry, word: string): number {
  if (word.length < 2) return 1
  return Math.min(
    ...entry.aliases.map(alias => {
      const compact = wordsOf(alias).join('')
      const allowed = compact.length >= 4 ? 2 : 1
      return distance(compact, word) / (allowed + 0.5)
    }),
  )
}
