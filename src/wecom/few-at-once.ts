const AT_ONCE = 4

/** Runs for all of them, some at a time, in their order; the first failure ends it. */
export async function fewAtOnce<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items].reverse()
  const work = async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) await run(next)
  }
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work))
  } finally {
    waiting.length = 0
  }
}
