import { AsyncLocalStorage } from 'node:async_hooks'

/** One run of an update's function; `active` until the function has ended or was given up. */
export interface UpdateRun {
  readonly active: boolean
}

const runs = new AsyncLocalStorage<UpdateRun>()

/** Whether the caller stands inside a function that was given to `update`: there only `tx` may be awaited. */
export function insideUpdate(): boolean {
  return runs.getStore()?.active === true
}

export function runInside<T>(run: UpdateRun, start: () => T): T {
  return runs.run(run, start)
}

/** What opens files or sockets calls this first. */
export function refuseInsideUpdate(what: string): void {
  if (insideUpdate()) throw new Error(`${what} inside an update: only tx may be awaited there`)
}
