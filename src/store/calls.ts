import { now } from '../clock.ts'
import { leaveInside, runInside, type UpdateRun } from './inside.ts'
import type { Journal, Waiter } from './journal.ts'
import type { ReadTx, Tx } from './records.ts'
import { type Change, type Source, Transaction } from './transaction.ts'
import type { Turn } from './turns.ts'

/** What a call needs of the engine. */
export interface Engine {
  readonly memory: Source
  readonly journal: Journal
  commit(changes: readonly Change[]): number
}

type Result<T> = { value: T } | { error: unknown }

/** A call's way from its turn to its answer, which leaves only when all that its function saw is on disk. */
abstract class Call<T> implements Waiter {
  private result: Result<T> | undefined

  constructor(
    protected readonly engine: Engine,
    private readonly resolve: (value: T) => void,
    private readonly reject: (error: unknown) => void,
  ) {}

  protected answerAfter(sequence: number, result: Result<T>): void {
    this.result = result
    this.engine.journal.whenDurable(sequence, this)
  }

  durable(): void {
    if (!this.result) return
    if ('value' in this.result) this.resolve(this.result.value)
    else this.reject(this.result.error)
  }

  failed(error: Error): void {
    this.reject(error)
  }
}

export class Read<T> extends Call<T> implements Turn {
  readonly limitMs = undefined

  constructor(
    engine: Engine,
    private readonly run: (tx: ReadTx) => Promise<T>,
    resolve: (value: T) => void,
    reject: (error: unknown) => void,
  ) {
    super(engine, resolve, reject)
  }

  begin(): Promise<T> {
    return started(() => this.run(new Transaction(this.engine.memory, now())))
  }

  succeed(value: T): boolean {
    this.answerAfter(this.engine.journal.last, { value })
    return false
  }

  fail(error: unknown): void {
    this.answerAfter(this.engine.journal.last, { error })
  }

  /** It goes on beside the others; what it reads from now on may be newer. */
  overtake(): void {}
}

export class Update<T> extends Call<T> implements Turn, UpdateRun {
  active = false
  private tx: Transaction | undefined
  private ranBefore = false

  constructor(
    engine: Engine,
    private readonly lock: string | readonly string[],
    readonly limitMs: number,
    private readonly run: (tx: Tx) => Promise<T>,
    resolve: (value: T) => void,
    reject: (error: unknown) => void,
  ) {
    super(engine, resolve, reject)
  }

  begin(): Promise<T> {
    const tx = new Transaction(this.engine.memory, now())
    this.tx = tx
    this.active = true
    return runInside(this, () => started(() => this.run(tx)))
  }

  succeed(value: T, elapsedMs: number): boolean {
    const tx = this.end()
    if (!tx) return false
    if (elapsedMs > this.limitMs) {
      // The loop stood still: the function itself may be slow, or the machine gave us no time. Once more tells.
      const again = !this.ranBefore
      this.ranBefore = true
      if (!again) this.failed(this.tooLong())
      return again
    }
    try {
      this.answerAfter(this.engine.commit(tx.changes()), { value })
    } catch (error) {
      this.fail(error)
    }
    return false
  }

  fail(error: unknown): void {
    this.end()
    this.answerAfter(this.engine.journal.last, { error })
  }

  overtake(): void {
    this.end()
    this.failed(this.tooLong())
  }

  /** undefined: it had ended before. */
  private end(): Transaction | undefined {
    const { tx } = this
    this.active = false
    this.tx = undefined
    if (!tx) return undefined
    tx.end()
    leaveInside()
    return tx
  }

  private tooLong(): Error {
    const lock = typeof this.lock === 'string' ? this.lock : this.lock.join(', ')
    return new Error(`an update of ${lock} took more than ${this.limitMs} ms; only tx may be awaited inside`)
  }
}

/** A function that throws before its first await fails like any other. */
function started<T>(run: () => Promise<T>): Promise<T> {
  try {
    return run()
  } catch (error) {
    return Promise.reject(error)
  }
}
