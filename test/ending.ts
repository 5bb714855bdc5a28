/** What a test opened is ended after it (setup.ts), newest first, whether it passed or failed. */
const endings: (() => Promise<void>)[] = []

export function afterThisTest(end: () => Promise<void>): void {
  endings.push(end)
}

export async function endAll(): Promise<void> {
  for (let end = endings.pop(); end; end = endings.pop()) await end()
}
