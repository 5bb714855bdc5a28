import { nowMs } from '../clock.ts'

/** One access token per app, fetched once however many ask (WECOM.md 3). */
export interface TokenKeeper {
  /** The token to use now. Throws what `fetchToken` throws. */
  get(): Promise<string>
  /** A token other than `stale`: whoever comes first fetches it, the others get the same one. */
  renew(stale: string): Promise<string>
  /** Whether there is a token that holds; false: the last try failed; null: nobody asked yet, or its time is over. */
  state(): boolean | null
}

export interface FetchedToken {
  token: string
  /** Seconds. */
  expiresIn: number
}

const EARLY_MS = 300_000

export function createTokenKeeper(fetchToken: () => Promise<FetchedToken>): TokenKeeper {
  let held: { token: string; from: number; until: number } | undefined
  let fetching: Promise<string> | undefined
  let failed = false

  const fresh = () => {
    const now = nowMs()
    // A clock that was moved back says nothing about the token's age.
    return held && held.from <= now && now < held.until ? held.token : undefined
  }

  async function fetchNew(): Promise<string> {
    const from = nowMs()
    failed = true
    const { token, expiresIn } = await fetchToken()
    failed = false
    held = { token, from, until: from + freshMs(expiresIn) }
    return token
  }

  function fetchOnce(): Promise<string> {
    fetching ??= fetchNew().finally(() => {
      fetching = undefined
    })
    return fetching
  }

  return {
    get: async () => fresh() ?? fetchOnce(),
    async renew(stale) {
      if (held && held.token !== stale) return held.token
      held = undefined
      return fetchOnce()
    },
    state: () => (fresh() !== undefined ? true : failed && !fetching ? false : null),
  }
}

/** Five minutes before it expires; a token that lives no longer than ten is used for half its life. */
function freshMs(expiresIn: number): number {
  const lifeMs = expiresIn * 1000
  return lifeMs - Math.min(EARLY_MS, lifeMs / 2)
}
