import { performance } from 'node:perf_hooks'

/** One call of `read` or `update`, waiting for its turn. */
export interface Turn {
  /** undefined: a read, which is not waited for beyond one turn of the loop. */
  readonly limitMs: number | undefined
  /** Calls the function. */
  begin(): Promise<unknown>
  /** The function ended; true: it is to run once again. */
  succeed(value: unknown, elapsedMs: number): boolean
  fail(error: unknown): void
  /** Given up (update), or left to go on by itself beside the others (read). */
  overtake(): void
}

/** How long turns follow each other before input and output get the loop. */
const SLICE_MS = 5
const SHORT_MS = 1_000

/**
 * Runs reads and updates one at a time, in the order they came. A function that awaits only its transaction ends within
 * one turn of the event loop, since the engine in memory answers at once: so between the start and the end of such a read
 * no commit can fall, and it sees one state. One that awaits something else is given up after its limit (update) or
 * overtaken (read): it cannot stop the queue.
 */
export class Turns {
  private queue: Turn[] = []
  private head = 0
  private current: Turn | undefined
  private startedAt = 0
  private sliceEnd = 0
  private paused = false
  private timer: NodeJS.Timeout | undefined
  private watchedFor = Number.POSITIVE_INFINITY
  private lookedAfter = false
  private idle: (() => void)[] = []

  add(turn: Turn): void {
    this.queue.push(turn)
    if (this.current || this.paused) return
    this.sliceEnd = performance.now() + SLICE_MS
    this.next()
  }

  /** Resolves when nothing waits and nothing runs. */
  async drained(): Promise<void> {
    if (this.current || this.paused || this.head < this.queue.length) {
      await new Promise<void>(resolve => this.idle.push(resolve))
    }
  }

  private next(): void {
    const turn = this.queue[this.head]
    if (!turn) {
      this.queue = []
      this.head = 0
      for (const resolve of this.idle.splice(0)) resolve()
      return
    }
    if (performance.now() > this.sliceEnd) {
      this.pause()
      return
    }
    this.head++
    if (this.head === 1024) {
      this.queue = this.queue.slice(this.head)
      this.head = 0
    }
    this.start(turn)
  }

  private pause(): void {
    this.paused = true
    setImmediate(() => {
      this.paused = false
      this.sliceEnd = performance.now() + SLICE_MS
      this.next()
    })
  }

  private start(turn: Turn): void {
    this.current = turn
    this.startedAt = performance.now()
    if (turn.limitMs === undefined) this.lookAfter()
    else this.watch(turn.limitMs)
    turn.begin().then(
      value => {
        if (this.current !== turn) return void turn.succeed(value, 0)
        const again = turn.succeed(value, performance.now() - this.startedAt)
        if (again) this.start(turn)
        else this.release()
      },
      error => {
        turn.fail(error)
        if (this.current === turn) this.release()
      },
    )
  }

  private release(): void {
    this.current = undefined
    if (this.watchedFor !== Number.POSITIVE_INFINITY && this.watchedFor > this.startedAt + SHORT_MS) this.unwatch()
    this.next()
  }

  private overtake(turn: Turn): void {
    turn.overtake()
    this.release()
  }

  /** One timer at a time for all updates: one each would cost more than most updates do. */
  private watch(limitMs: number): void {
    const due = this.startedAt + limitMs
    if (this.watchedFor <= due) return
    clearTimeout(this.timer)
    this.watchedFor = due
    this.timer = setTimeout(() => this.look(), Math.ceil(due - performance.now()))
  }

  private look(): void {
    this.watchedFor = Number.POSITIVE_INFINITY
    const turn = this.current
    if (turn?.limitMs === undefined) return
    if (performance.now() < this.startedAt + turn.limitMs) this.watch(turn.limitMs)
    else this.overtake(turn)
  }

  /** A timer of a long update must not keep the process alive, nor hide a shorter one's. */
  private unwatch(): void {
    clearTimeout(this.timer)
    this.watchedFor = Number.POSITIVE_INFINITY
  }

  private lookAfter(): void {
    if (this.lookedAfter) return
    this.lookedAfter = true
    setImmediate(() => {
      this.lookedAfter = false
      if (this.current && this.current.limitMs === undefined) this.overtake(this.current)
    })
  }
}
