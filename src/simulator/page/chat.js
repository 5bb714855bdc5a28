import { bubbleOf, stampOf } from './bubbles.js'

const NEAR_END_PX = 120

/**
 * The log of one phone; `empty()` is what stands there while nothing was said. Only what changed is touched, so that a ticked
 * option and the reading place stay.
 */
export function createChat(log, press, empty) {
  let drawn = new Map()

  function draw(items) {
    const nearEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END_PX
    const grown = items.length > 0 && !drawn.has(items.at(-1).seq)
    const next = new Map()
    const nodes = items.flatMap((item, i) => {
      const mark = JSON.stringify(item)
      const kept = drawn.get(item.seq)
      const same =
        kept?.mark === mark ? kept : { mark, node: bubbleOf(item, press), stamp: stampOf(item, items[i - 1]) }
      next.set(item.seq, same)
      return same.stamp ? [same.stamp, same.node] : [same.node]
    })
    drawn = next
    if (nodes.length === 0) nodes.push(...empty())
    place(log, nodes)
    if (grown || nearEnd) log.scrollTop = log.scrollHeight
  }

  /** At once: what another chat said must not stand under this one's name. */
  const clear = () => {
    drawn = new Map()
    log.replaceChildren()
  }
  return { draw, clear }
}

function place(log, nodes) {
  const wanted = new Set(nodes)
  for (const node of [...log.childNodes]) if (!wanted.has(node)) node.remove()
  nodes.forEach((node, i) => {
    if (log.childNodes[i] !== node) log.insertBefore(node, log.childNodes[i] ?? null)
  })
}
