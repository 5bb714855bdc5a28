/**
 * Answers of this process that changed nothing and so are in no commit: a repeat of the same message gets the same answer
 * without being read again. Bounded; what falls out is only answered anew.
 */
const MOST = 10_000

export class Recent<T> {
  readonly #entries = new Map<string, T>()

  get(key: string): T | undefined {
    return this.#entries.get(key)
  }

  set(key: string, value: T): void {
    this.#entries.set(key, value)
    if (this.#entries.size <= MOST) return
    const oldest = this.#entries.keys().next().value
    if (oldest !== undefined) this.#entries.delete(oldest)
  }
}
