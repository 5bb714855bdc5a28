import { type Bank, normalStem, type Question, recordOf, shippedBanks } from '../domain/question-bank.ts'
import { banks, type QuestionBank, questions } from '../store/collections.ts'
import type { ReadTx, Store, Tx } from '../store/records.ts'

const BY = 'shipped'

/**
 * Every store has the shipped banks, and after an upgrade what those have got since. What is there stays as it is: it may have
 * been withdrawn or corrected here. A question that the township asks already, in a bank of its own, is not asked twice.
 */
export async function fillShippedBanks(store: Store, shipped: readonly Bank[] = shippedBanks): Promise<void> {
  const complete = await store.read(async tx => {
    for (const bank of shipped) if (await isMissing(tx, bank)) return false
    return true
  })
  if (complete) return
  const fill = async (tx: Tx) => {
    for (const bank of shipped) if (await isMissing(tx, bank)) await fillBank(tx, bank)
  }
  await store.update('township', fill, { long: 'import' })
}

const isMissing = async (tx: ReadTx, bank: Bank): Promise<boolean> =>
  !(await tx.get(banks, bank.bankId)) || (await missingFrom(tx, bank)).length > 0

async function missingFrom(tx: ReadTx, { bankId, questions: all }: Bank): Promise<Question[]> {
  const numbers = new Set((await tx.find(questions, 'bank', bankId)).map(({ number }) => number))
  const missing: Question[] = []
  for (const one of all) {
    if (!numbers.has(one.number) && !(await tx.getBy(questions, 'stem', normalStem(one.stem)))) missing.push(one)
  }
  return missing
}

async function fillBank(tx: Tx, bank: Bank): Promise<void> {
  const { bankId } = bank
  if (!(await tx.get(banks, bankId))) await tx.insert(banks, await bankOf(tx, bank))
  const missing = await missingFrom(tx, bank)
  for (const one of missing) await tx.insert(questions, recordOf(one, await tx.nextId('t'), bankId))
  await tx.audit({ by: BY, branchId: null, what: 'import-bank', about: bankId, after: { added: missing.length } })
}

/** The township may have given the name to a bank of its own before this one was shipped. */
async function bankOf(tx: Tx, { bankId, name }: Bank): Promise<QuestionBank> {
  let free = name
  while (await tx.getBy(banks, 'name', free)) free += '（自带）'
  return { bankId, name: free, shipped: true, by: BY, at: tx.now.toISOString() }
}
