import mammoth from 'mammoth'
import { describe, expect, it } from 'vitest'
import type { Document } from '../../src/export/document.ts'
import { drawInWorker } from '../../src/export/drawing.ts'
import { createReports } from '../../src/export/reports.ts'
import { duesBook } from './books.ts'

const never = new AbortController().signal
const DOCUMENT: Document = {
  fileName: '../题库 "党章".docx',
  title: '党章题库',
  lines: ['共 2 题'],
  blocks: [
    { kind: 'heading', text: '一、单选题' },
    { kind: 'item', text: '1．=1+1 <b>&\u0000等于？' },
    { kind: 'options', texts: ['一', '二', '三', '四'] },
    { kind: 'item', text: '2．哪个长？' },
    { kind: 'options', texts: ['长'.repeat(40), '短'] },
    { kind: 'heading', text: '答案', newPage: true },
    { kind: 'text', strong: '1．B', text: '　二。\n依据：《算术》' },
  ],
}

const textOf = async (bytes: Uint8Array) => (await mammoth.extractRawText({ buffer: Buffer.from(bytes) })).value

describe('a document', () => {
  it('is drawn in another thread, and says what it was given', async () => {
    const { bytes, threadId } = await drawInWorker(DOCUMENT, never)
    expect(threadId).not.toBe(0)
    const lines = (await textOf(bytes)).split(/\n+/).filter(line => line !== '')
    expect(lines).toEqual([
      '党章题库',
      '共 2 题',
      '一、单选题',
      '1．=1+1 <b>&等于？',
      'A．一\tB．二\tC．三\tD．四',
      '2．哪个长？',
      `A．${'长'.repeat(40)}`,
      'B．短',
      '答案',
      '1．B　二。',
      '依据：《算术》',
    ])
  })

  it('keeps a question with its options, and begins the answers on a new page', async () => {
    const { bytes } = await drawInWorker(DOCUMENT, never)
    const { value } = await mammoth.convertToHtml({ buffer: Buffer.from(bytes) })
    expect(value).toContain('<h1>一、单选题</h1>')
    expect(value).toContain('<strong>1．B</strong>')
  })

  it('has a name that can be sent, and stands beside workbooks', async () => {
    const reports = createReports({ bank: async () => DOCUMENT, dues: async () => duesBook(1) })
    const files = await Promise.all(['bank', 'dues'].map(report => reports.make({ report, args: {} })))
    expect(files.map(({ name }) => name)).toEqual(['题库 党章.docx', '党费收缴登记表 2026年.xlsx'])
  })
})
