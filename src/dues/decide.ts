import type { CommandContext, CommandReadTx, CommandTx } from '../bot/command.ts'
import type { Answer } from '../bot/message.ts'
import { reliefIn } from '../domain/dues.ts'
import type { Account } from '../domain/dues-ledger.ts'
import { findPeople } from '../domain/people.ts'
import { canBeTold } from '../domain/roster.ts'
import { UnknownIdError, UserError } from '../errors.ts'
import { branchIdsWithin, branchMeant, peopleWithin } from '../meeting/within.ts'
import { type Branch, branches, type DuesEntry, dues, type Person, people } from '../store/collections.ts'
import { bookOf, write } from './book.ts'
import { calledIn } from './names.ts'
import { accountIn, collectorsIn, refuseNotCollector } from './payer.ts'
import { bookedLine, take } from './receipt.ts'
import { extraOf, extraWords, monthsOf, yuanOf } from './words.ts'

/** 确认 and 有误: what a member says he paid, decided by who took it. */

/** The claims that wait for this speaker, oldest first. */
export async function claimsFor(ctx: CommandContext, tx: CommandReadTx): Promise<DuesEntry[]> {
  const found: DuesEntry[] = []
  for (const branchId of await branchIdsWithin(ctx, tx)) {
    for (const claimId of (await bookOf(tx, branchId)).openClaims) {
      const claim = await tx.getBy(dues, 'claim', claimId)
      if (claim && (await isHis(ctx, tx, claim))) found.push(claim)
    }
  }
  return found
}

async function isHis(ctx: CommandContext, tx: CommandReadTx, claim: DuesEntry): Promise<boolean> {
  const payer = await tx.township.get(people, claim.personId)
  if (!payer || payer.personId === ctx.person.personId) return false
  const collectors = await collectorsIn(tx.township, payer, claim.branchId)
  return collectors.some(({ personId }) => personId === ctx.person.personId)
}

/**
 * The claim meant: by number, by name, or the only one that waits. Several that can be meant are asked for; the text of the
 * line goes on behind what was chosen.
 */
export async function claimMeant(
  ctx: CommandContext,
  tx: CommandReadTx,
  { word, verb, rest }: { word: string | null; verb: '确认' | '有误'; rest: string },
): Promise<DuesEntry | Answer> {
  const id = word && /^c-?(\d{1,9})$/i.exec(word.normalize('NFKC'))?.[1]
  if (id) return claimById(tx, `c-${Number(id)}`)
  // Each is confirmed alone (art. 14): with several names, or all, they are asked for one by one.
  const isMany = word !== null && (/^(?:全部|所有|全体)/u.test(word) || /[\s、，,]/u.test(word))
  const waiting = word === null || isMany ? await claimsFor(ctx, tx) : await claimsOf(ctx, tx, word)
  const [only, another] = waiting
  if (!only) {
    const whose = word === null || isMany ? '' : `${word}`
    throw new UserError(`${whose}没有等着确认的党费。直接收的请发：收缴 姓名`)
  }
  return another || isMany ? askWhich(ctx, tx, waiting, { verb, rest }) : only
}

async function claimById(tx: CommandReadTx, claimId: string): Promise<DuesEntry> {
  const claim = await tx.getBy(dues, 'claim', claimId)
  if (!claim) throw new UnknownIdError(claimId)
  return claim
}

async function claimsOf(ctx: CommandContext, tx: CommandReadTx, word: string): Promise<DuesEntry[]> {
  const candidates = await peopleWithin(ctx, tx)
  const { found, ambiguous } = findPeople([word], candidates, { branchId: branchMeant(ctx), rows: null })
  // Of namesakes only those count who have claimed something: mostly that is one.
  const named = [...found, ...ambiguous.flatMap(each => each.people)]
  const ids = new Set(named.map(({ personId }) => personId))
  const claims: DuesEntry[] = []
  for (const branchId of new Set(named.flatMap(({ memberships }) => memberships.map(each => each.branchId)))) {
    for (const claimId of (await bookOf(tx, branchId)).openClaims) {
      const claim = await tx.getBy(dues, 'claim', claimId)
      if (claim && ids.has(claim.personId)) claims.push(claim)
    }
  }
  return claims
}

async function askWhich(
  ctx: CommandContext,
  tx: CommandReadTx,
  waiting: readonly DuesEntry[],
  { verb, rest }: { verb: string; rest: string },
): Promise<Answer> {
  const shown = waiting.slice(0, 6)
  const lines: string[] = []
  for (const [at, claim] of shown.entries()) {
    const payer = await tx.township.get(people, claim.personId)
    const name = payer ? await calledIn(tx.township, payer) : ''
    lines.push(`${at + 1} ${name} ${monthsOf(claim, ctx.now)} ${yuanOf(claim)}（${claim.claimId}）`)
  }
  const more = waiting.length > shown.length ? [`还有 ${waiting.length - shown.length} 笔，先办这些`] : []
  const digits = shown.map(({ claimId }) => `/党费 ${verb} ${claimId} ${rest}`.trim())
  const head = `有 ${waiting.length} 笔等着确认，一次${verb === '确认' ? '确认' : '办'}一笔。哪一笔？请回数字：`
  return { text: [head, ...lines, ...more].join('\n'), digits }
}

export async function confirm(ctx: CommandContext, tx: CommandTx, claimId: string): Promise<Answer> {
  const { claim, payer, branch } = await decidable(ctx, tx, claimId)
  const { months, paidBy } = claim
  refusePaid(payer, claim, await accountIn(tx.township, payer.personId), ctx.now)
  const entry = await take(tx, branch, ctx.person, { kind: 'confirmed', payer, months, claimId, paidBy })
  await audit(ctx, tx, claim, { what: 'confirm-dues', after: { receiptNo: entry.receiptNo } })
  const line = bookedLine(entry, await calledIn(tx.township, payer), ctx.now)
  const extra = extraWords(extraOf(payer, months))
  return { text: `已确认。${line}${extra && `，${extra}`}${byMouth(payer)}`, outcome: '已确认' }
}

/** Who moved to another branch may have paid there what he had claimed here. */
function refusePaid(payer: Person, { claimId, months }: DuesEntry, { paid }: Account, now: Date): void {
  const { name } = payer
  const free = months.filter(({ month }) => reliefIn(payer, month)?.fen === 0)
  if (free.length > 0) {
    throw new UserError(`${name}${monthsOf({ months: free }, now)}已批准免缴。请发：党费 有误 ${claimId} 已免缴`)
  }
  const [twice] = months.filter(({ month }) => paid.has(month))
  if (!twice) return
  const receipt = `${monthsOf({ months: [twice] }, now)}已缴（${paid.get(twice.month)?.receiptNo}）`
  throw new UserError(`${name}${receipt}，不能再记一次。请发：党费 有误 ${claimId} 已缴过`)
}

export async function reject(ctx: CommandContext, tx: CommandTx, claimId: string, why: string): Promise<Answer> {
  const { claim, payer } = await decidable(ctx, tx, claimId)
  const { months, paidBy, branchId, personId } = claim
  await write(tx, branchId, { kind: 'rejected', by: ctx.person.personId, personId, months, paidBy, claimId, why })
  await audit(ctx, tx, claim, { what: 'reject-dues', why })
  const what = `${await calledIn(tx.township, payer)} ${monthsOf(claim, ctx.now)}`
  const textOf = (amount: string) =>
    `党费有误，没有记：${what}${amount}（${claimId}）\n原因：${why}\n请和${ctx.person.name}核对后再报。`
  if (canBeTold(payer)) await tx.send({ text: textOf(` ${yuanOf(claim)}`) }, [personId], { about: claimId })
  const bringer = paidBy ? await tx.township.get(people, paidBy) : undefined
  // Without the amount: it is the other's.
  if (bringer && canBeTold(bringer)) await tx.send({ text: textOf('') }, [bringer.personId], { about: claimId })
  const told = canBeTold(payer) ? '已告诉本人原因。' : '没有手机，请当面告知。'
  return { text: `已记有误：${what}（${claimId}）。${told}`, outcome: '有误' }
}

/** Throws UserError where it is settled, or not this speaker's to decide. */
export async function decidable(
  ctx: CommandContext,
  tx: CommandReadTx,
  claimId: string,
): Promise<{ claim: DuesEntry; payer: Person; branch: Branch }> {
  const claim = await claimById(tx, claimId)
  const payer = await tx.township.get(people, claim.personId)
  const branch = await tx.township.get(branches, claim.branchId)
  if (!payer || !branch) throw new UnknownIdError(claimId)
  if (!(await bookOf(tx, claim.branchId)).openClaims.includes(claimId)) throw await settledAlready(tx, claim, payer)
  await refuseNotCollector(tx.township, ctx.person, payer, claim.branchId)
  return { claim, payer, branch }
}

async function settledAlready(tx: CommandReadTx, claim: DuesEntry, payer: Person): Promise<UserError> {
  const lines = await tx.township.find(dues, 'person', claim.personId)
  const settling = lines.find(({ kind, claimId }) => kind !== 'claimed' && claimId === claim.claimId)
  const by = settling && (await tx.township.get(people, settling.by))
  const head = `${payer.name}的 ${claim.claimId} `
  if (settling?.kind === 'withdrawn') return new UserError(`${head}已由本人撤回，不用再办。`, { outcome: '已撤回' })
  if (settling?.kind === 'rejected') {
    return new UserError(`${head}已由${by?.name ?? '别人'}记为有误，请等本人再报。`, { outcome: '有误' })
  }
  return new UserError(`${head}已由${by?.name ?? '别人'}确认（${settling?.receiptNo ?? ''}）。`, { outcome: '已确认' })
}

const byMouth = (payer: Person): string => (canBeTold(payer) ? '' : '\n没有手机，请当面告知收据号。')

function audit(
  ctx: CommandContext,
  tx: CommandTx,
  { branchId, personId, claimId, months }: DuesEntry,
  { what, after, why }: { what: string; after?: object; why?: string },
): Promise<void> {
  return tx.audit({
    by: ctx.person.personId,
    branchId,
    what,
    about: claimId ?? '',
    before: { personId, months },
    ...(after && { after }),
    ...(why && { why }),
  })
}
