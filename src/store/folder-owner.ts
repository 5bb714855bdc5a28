import { stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { StoreError } from './records.ts'

/**
 * Root may write anywhere, and what he has written the service of another user cannot read afterwards: the folder, or the nearest
 * one above it that is there, has to be his. Throws StoreError. Other users are refused by the system.
 */
export async function refuseOthersFolder(folder: string): Promise<void> {
  if (process.getuid?.() !== 0) return
  const uid = await ownerOf(resolve(folder))
  if (uid === 0) return
  throw new StoreError(
    `数据文件夹 ${folder} 是另一个用户的，用 root 写进去，服务就读不了了；什么都没有动。请在命令前面加上：sudo -u '#${uid}'`,
  )
}

async function ownerOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => null)
  if (found) return found.uid
  return path === dirname(path) ? 0 : ownerOf(dirname(path))
}
