import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import { type Seen, seeBranch } from '../branch/overview.ts'
import { dayOf, now } from '../clock.ts'
import type { Workbook } from '../export/workbook.ts'
import { branches } from '../store/collections.ts'
import type { Store } from '../store/records.ts'
import { branchSheet, membersSheet, othersSheet } from './roster-sheets.ts'

/** 支部一览 and 党员花名册, for the township. */

export const REPORT = 'roster'

const order = z.object({ branchIds: z.array(z.string()).min(1), township: z.boolean() })
export type RosterOrder = z.infer<typeof order>

export const collectRoster =
  (store: Store) =>
  async (args: unknown): Promise<Workbook> => {
    const { branchIds, township } = order.parse(args)
    const seen: Seen[] = []
    for (const branchId of branchIds) {
      const one = await store.read(async tx => {
        const branch = await tx.get(branches, branchId)
        return branch && seeBranch(tx, branch, now())
      })
      if (one) seen.push(one)
      await nextTurn()
    }
    const made = {
      seen,
      names: new Map(seen.map(({ branch }) => [branch.branchId, branch.name])),
      where: township ? '全镇' : (seen[0]?.branch.name ?? ''),
      today: dayOf(now()),
    }
    const others = othersSheet(made)
    return {
      fileName: `支部和党员花名册 ${made.where} ${made.today}.xlsx`,
      sheets: [branchSheet(made), membersSheet(made), ...(others ? [others] : [])],
    }
  }
