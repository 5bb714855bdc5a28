import type { Directory } from '../bot/message.ts'
import { addLines, IN_FULL, lookAround, namesOf, planFor, register, remarkLines } from '../branch/sync.ts'
import { type NewIdentity, readNewIdentity, type SyncPlan } from '../domain/roster-sync.ts'
import { log } from '../log.ts'
import { branches } from '../store/collections.ts'
import type { ReadTx, Store } from '../store/records.ts'

/** The roster beside WeCom's directory, as the command line asks for it: what the line 名册 同步 does, with all names. */
export interface SyncReport {
  ok: true
  dryRun: boolean
  counts: { added: number; left: number; missing: number; unseen: number }
  newBranches: string[]
  text: string[]
}

export interface SyncSaid {
  dryRun: boolean
  /** '预备党员'. */
  as?: string | undefined
}

/** Throws UserError where it is no dry run and no identity was said. */
export const identitySaid = ({ dryRun, as }: SyncSaid): { as: NewIdentity | null } => ({
  as: dryRun ? null : readNewIdentity(as),
})

/** `as`: what they all are; null: a dry run, which makes the same plan and writes nothing. Throws UserError where WeCom shows nobody. */
export async function syncRoster(
  { store, directory }: { store: Store; directory: Directory },
  { as, by }: { as: NewIdentity | null; by: string },
): Promise<SyncReport> {
  const dryRun = as === null
  const seen = await lookAround(directory, run => store.read(run))
  const { plan, names } =
    as === null
      ? await store.read(async tx => planned(tx, await planFor(tx, seen)))
      : await store.update(
          'township',
          async tx => {
            const plan = await planFor(tx, seen)
            await register(tx, plan.add, { identity: as, by })
            return planned(tx, plan)
          },
          { long: 'import' },
        )
  const report = reportOf(plan, names, { dryRun, accounts: seen.accounts.length })
  log.info('roster-sync', { dryRun, ...report.counts })
  return report
}

const planned = async (tx: ReadTx, plan: SyncPlan) => ({ plan, names: namesOf(await tx.all(branches)) })

function reportOf(
  plan: SyncPlan,
  names: ReadonlyMap<string, string>,
  { dryRun, accounts }: { dryRun: boolean; accounts: number },
): SyncReport {
  const { add, left, missing, unseen, newBranches } = plan
  const counts = { added: add.length, left: left.length, missing: missing.length, unseen: unseen.length }
  const done = dryRun ? '试算完成，名册没有动，可以登记' : '已登记'
  const head = `企业微信里看到 ${accounts} 个账号。${done} ${add.length} 人。`
  return {
    ok: true,
    dryRun,
    counts,
    newBranches,
    text: [head, ...addLines(plan, add, IN_FULL), ...remarkLines(plan, names, IN_FULL)],
  }
}
