/** What a test or the page can break. Counts are of business calls (those with a token), each used up by one call. */
export interface Faults {
  /** Every token issued so far is refused from now on (42001; 40014 as when the platform takes it back early). */
  expireToken(code?: 40014 | 42001): void
  /** The next n calls answer -1 and do nothing. */
  busy(n: number): void
  /** The next n calls answer 45009 and do nothing. */
  rateLimit(n: number): void
  /** The next n calls are carried out, but the connection is cut before the answer: ambiguous for the caller. */
  hang(n: number): void
  /** Every callback arrives twice, at the same time, with one MsgId. */
  deliverTwice(on: boolean): void
  /** Lower-case userids that message/send reports in unlicenseduser. */
  readonly unlicensed: Set<string>
  /** Lower-case userids that message/send reports in invaliduser. */
  readonly invalid: Set<string>
  /** Cards are refused with 43012. */
  refuseCards: boolean
  /** appchat/* is refused with 48002: the app's visible range is not the root department. */
  refuseGroups: boolean
  /** A call of the API ('user/simplelist', 'agent/get') is refused with this code until it is taken out again. */
  readonly refused: Map<string, number>
  /** Departments that the app's visible range leaves out, by name, with whoever is in no other: 60011. */
  readonly hiddenDepartments: Set<string>
  /** Members are listed by their UserID alone. */
  hideNames: boolean
  readonly pending: Readonly<{ busy: number; rateLimit: number; hang: number; deliverTwice: boolean }>
}

export function createFaults(expireToken: (code?: 40014 | 42001) => void) {
  const pending = { busy: 0, rateLimit: 0, hang: 0, deliverTwice: false }
  const faults: Faults = {
    expireToken,
    busy: n => Object.assign(pending, { busy: n }),
    rateLimit: n => Object.assign(pending, { rateLimit: n }),
    hang: n => Object.assign(pending, { hang: n }),
    deliverTwice: on => Object.assign(pending, { deliverTwice: on }),
    unlicensed: new Set(),
    invalid: new Set(),
    refuseCards: false,
    refuseGroups: false,
    refused: new Map(),
    hiddenDepartments: new Set(),
    hideNames: false,
    pending,
  }

  function take(kind: 'busy' | 'rateLimit' | 'hang'): boolean {
    if (pending[kind] <= 0) return false
    pending[kind] -= 1
    return true
  }
  return { faults, take }
}
