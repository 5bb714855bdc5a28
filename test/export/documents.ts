import { inflateRawSync } from 'node:zlib'
import mammoth from 'mammoth'
import type { TestBot } from '../bot.ts'

/** A Word file as another library than the one that wrote it reads it, and as its XML stands. */
export interface Paper {
  name: string
  text: string
  /** Rows of all tables, from top to bottom; lines of a cell are joined by a space. */
  rows: string[][]
  /** word/document.xml */
  xml: string
}

/** The last file a person was sent. */
export async function paperFor(bot: TestBot, userId: string): Promise<Paper> {
  const { name, bytes } = bot.simulator.fileOf(userId)
  return { name, ...(await readPaper(bytes)) }
}

export async function readPaper(bytes: Uint8Array): Promise<Omit<Paper, 'name'>> {
  const buffer = Buffer.from(bytes)
  const [{ value: html }, { value: text }] = await Promise.all([
    mammoth.convertToHtml({ buffer }),
    mammoth.extractRawText({ buffer }),
  ])
  const rows = [...html.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = '']) =>
    [...row.matchAll(/<t[dh][^>]*>(.*?)<\/t[dh]>/gs)].map(([, cell = '']) => plain(cell)),
  )
  return { text, rows, xml: xmlOf(bytes) }
}

export const xmlOf = (bytes: Uint8Array): string => entryOf(Buffer.from(bytes), 'word/document.xml')

/** The words of a piece of XML. */
export const plain = (html: string): string =>
  html
    .replace(/<\/p><p>/g, ' ')
    .replace(/<[^>]*>/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')

/** By the directory at its end, which tells the sizes. */
function entryOf(zip: Buffer, wanted: string): string {
  const end = zip.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'))
  let at = zip.readUInt32LE(end + 16)
  while (zip.readUInt32LE(at) === 0x02014b50) {
    const [packed, name, extra, comment] = [20, 28, 30, 32].map(offset =>
      offset === 20 ? zip.readUInt32LE(at + offset) : zip.readUInt16LE(at + offset),
    ) as [number, number, number, number]
    if (zip.toString('utf8', at + 46, at + 46 + name) === wanted) {
      const local = zip.readUInt32LE(at + 42)
      const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
      return inflateRawSync(zip.subarray(from, from + packed)).toString('utf8')
    }
    at += 46 + name + extra + comment
  }
  throw new Error(`there is no ${wanted} in the file`)
}
