/** How often each API was answered with each errcode since the start: 0, a refusal, or 'unreachable'. */
export interface CallCount {
  api: string
  code: number | 'unreachable'
  count: number
}

export function createCallCounts() {
  const counts = new Map<string, CallCount>()
  return {
    note(api: string, code: CallCount['code']): void {
      const key = `${api} ${code}`
      const known = counts.get(key)
      if (known) known.count += 1
      else counts.set(key, { api, code, count: 1 })
    },
    list: (): readonly Readonly<CallCount>[] => [...counts.values()],
  }
}
