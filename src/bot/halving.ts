/**
 * Does it with as many as are taken: a list that is refused for the sake of some of it is halved until they stand alone.
 * Resolves with those that were left out; other errors are thrown.
 */
export async function withAsMany<T>(
  list: readonly T[],
  doWith: (some: readonly T[]) => Promise<void>,
  isRefused: (error: unknown) => boolean,
): Promise<readonly T[]> {
  if (list.length === 0) return []
  try {
    await doWith(list)
    return []
  } catch (error) {
    if (!isRefused(error)) throw error
    if (list.length === 1) return list
  }
  const [first, second] = halves(list)
  return [...(await withAsMany(first, doWith, isRefused)), ...(await withAsMany(second, doWith, isRefused))]
}

/** Halves likewise, but ends with the first part that is taken; resolves with it, or with null. */
export async function firstTaken<T>(
  list: readonly T[],
  doWith: (some: readonly T[]) => Promise<void>,
  isRefused: (error: unknown) => boolean,
): Promise<readonly T[] | null> {
  if (list.length === 0) return null
  try {
    await doWith(list)
    return list
  } catch (error) {
    if (!isRefused(error)) throw error
    if (list.length === 1) return null
  }
  const [first, second] = halves(list)
  return (await firstTaken(first, doWith, isRefused)) ?? firstTaken(second, doWith, isRefused)
}

function halves<T>(list: readonly T[]): readonly [readonly T[], readonly T[]] {
  const middle = Math.ceil(list.length / 2)
  return [list.slice(0, middle), list.slice(middle)]
}
