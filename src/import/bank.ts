import { recordOf } from '../domain/question-bank.ts'
import { log } from '../log.ts'
import { banks, questions } from '../store/collections.ts'
import type { Store, Tx } from '../store/records.ts'
import type { BankFile } from './bank-draft.ts'
import { readBankFile } from './bank-file.ts'
import { type BankPlan, type Naming, planBank } from './bank-plan.ts'
import { type BankReport, bankReport } from './bank-report.ts'

export type { BankReport } from './bank-report.ts'

export interface BankImportOptions extends Naming {
  dryRun: boolean
  /** What is wrong is left out and named; else one wrong question, and nothing is imported. */
  skipBad: boolean
  /** Who imports: 'control' or 'cli'. */
  by: string
}

/** A dry run makes the same plan and writes nothing. Throws UserError where the bytes are no bank. */
export async function importBank(store: Store, bytes: Uint8Array, options: BankImportOptions): Promise<BankReport> {
  const { dryRun, skipBad, by } = options
  const file = await readBankFile(bytes)
  const plan = dryRun
    ? await store.read(tx => planBank(tx, file, options))
    : await store.update('township', tx => carryOut(tx, file, options), { long: 'import' })
  const report = bankReport(plan, { dryRun, skipBad })
  log.info('bank-import', { ok: report.ok, dryRun, by, ...report.counts })
  return report
}

async function carryOut(tx: Tx, file: BankFile, options: BankImportOptions): Promise<BankPlan> {
  const { by } = options
  const plan = await planBank(tx, file, options)
  const { name, form, add, duplicates, wrong } = plan
  if (!plan.goes || add.length === 0) return plan
  const at = tx.now.toISOString()
  const bank = plan.bank ?? { bankId: await tx.nextId('k'), name, shipped: false, by, at }
  // The newest import is what a list of banks shows.
  await (plan.bank ? tx.put(banks, { ...bank, by, at }) : tx.insert(banks, bank))
  for (const { question } of add) await tx.insert(questions, recordOf(question, await tx.nextId('t'), bank.bankId))
  const after = { name, form, added: add.length, duplicates: duplicates.length, skipped: wrong.length }
  await tx.audit({ by, branchId: null, what: 'import-bank', about: bank.bankId, after })
  return plan
}
