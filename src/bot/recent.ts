/**
 * Answers of this process that changed nothing and so are in no commit: a repeat of the same message gets the same answer
 * without being read again. Bounded; what falls out is only answered anew.
 */
const MOST = 10_000

/** Two generations, the older dropped whole: taking the oldest entry of a large Map would walk over all that were deleted. */
export class Recent<T> {
  #young = new Map<string, T>()
  #old = new Map<string, T>()

  get(key: string): T | undefined {
    return this.#young.get(key) ?? this.#old.get(key)
  }

  set(key: string, value: T): void {
    if (this.#young.size >= MOST / 2) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, value)
  }
}
