/**
 * A bounded memory of this process: what falls out is at least half of `most` entries old. Two generations, the older
 * dropped whole: taking the oldest entry of a large Map would walk over all that were deleted.
 */
export class Recent<T> {
  #young = new Map<string, T>()
  #old = new Map<string, T>()

  constructor(private readonly most = 10_000) {}

  get(key: string): T | undefined {
    return this.#young.get(key) ?? this.#old.get(key)
  }

  set(key: string, value: T): void {
    if (this.#young.size >= this.most / 2) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, value)
  }

  delete(key: string): void {
    this.#young.delete(key)
    this.#old.delete(key)
  }
}
