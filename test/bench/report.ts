import type { Figures, Rate } from './measure.ts'

const GOAL = 0.6
const HISTORY_GOAL = 0.9
/** Of the lines about dues, as a multiple of a check-in's cost. */
const COST_GOAL = 1.5

/** The figures as a table for people. */
export function report(figures: Figures): string {
  const { ratios, history } = figures
  const records = history.records.toLocaleString('en')
  const table = [
    ['', 'per second', 'p50 ms', 'p99 ms', 'CPU µs', 'ratio', ''],
    row('bare koa: decrypt, encrypt', figures.echo, 1, ''),
    row('check-in, durable', figures.checkIn, ratios.checkInToEcho, verdict(ratios.checkInToEcho, GOAL, 'of bare koa')),
    row(
      `check-in with ${records} records`,
      figures.checkInWithHistory,
      ratios.historyToNone,
      verdict(ratios.historyToNone, HISTORY_GOAL, 'of without'),
    ),
    row('read line 会议', figures.readLine, ratios.readLineToEcho, 'of bare koa'),
    row('read line 党费', figures.dues, ratios.duesCost, costs(ratios.duesCost)),
    row('收缴, durable', figures.collect, ratios.collectCost, costs(ratios.collectCost)),
    row('答题, one answer', figures.answer, ratios.answerCost, costs(ratios.answerCost)),
    row('收缴 with receipts delivered', figures.collectAndTell, ratios.collectAndTellCost, '× a check-in'),
  ]
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map(line => width(line[column] ?? ''))))
  const lines = table.map(line =>
    line
      .map((cell, column) => pad(cell, widths[column] ?? 0, column))
      .join('  ')
      .trimEnd(),
  )
  const byCpu = ratios.checkInToEchoByCpu === null ? '' : `; check-in to bare koa by CPU: ${ratios.checkInToEchoByCpu}`
  return [
    `zhibu bench, ${figures.at.slice(0, 10)}, ${figures.machine}, node ${figures.node}`,
    `${figures.connections} connections, medians of ${figures.rounds} rounds of ${figures.requestsPerRound} requests${byCpu}`,
    '',
    ...lines,
    '',
    `start to ready with ${records} records: ${history.readyMs} ms${history.memoryMb === null ? '' : `; memory after the rounds ${history.memoryMb} MB`}`,
    ...paperLines(figures.papers),
    ...nightLines(figures.nights),
    '',
  ].join('\n')
}

const paperLines = ({ people, receipts, attendances, papers }: Figures['papers']): string[] => [
  `papers of ${people.toLocaleString('en')} people with ${receipts.toLocaleString('en')} receipts and ${attendances.toLocaleString('en')} attendances:`,
  ...papers.map(
    ({ name, kilobytes, ms, blockedMs }) =>
      `${name}, ${kilobytes} KB: ${ms} ms, goal < 2,000: ${ms < 2000 ? 'met' : 'missed'}; the loop stood still for ${blockedMs} ms at most, goal < 50: ${blockedMs < 50 ? 'met' : 'missed'}`,
  ),
]

const nightLines = ({ records, kilobytes, work }: Figures['nights']): string[] => [
  `at night, ${records.toLocaleString('en')} records, a backup of ${kilobytes.toLocaleString('en')} KB:`,
  ...work.map(({ name, ms, blockedMs }) => `${name}: ${ms} ms; the loop stood still for ${blockedMs} ms at most`),
]

const row = (name: string, rate: Rate, ratio: number, remark: string): string[] => [
  name,
  rate.perSecond.toLocaleString('en'),
  rate.p50Ms.toFixed(1),
  rate.p99Ms.toFixed(1),
  rate.cpuMicros === null ? '–' : String(rate.cpuMicros),
  ratio.toFixed(2),
  remark,
]

const verdict = (ratio: number, goal: number, of: string): string =>
  `${of}, goal ≥ ${goal.toFixed(1)}: ${ratio >= goal ? 'met' : 'missed'}`

const costs = (ratio: number): string =>
  `× a check-in, goal ≤ ${COST_GOAL.toFixed(1)}: ${ratio <= COST_GOAL ? 'met' : 'missed'}`

/** Chinese characters take two columns. */
const width = (text: string): number => text.length + (text.match(/\p{Script=Han}/gu)?.length ?? 0)

const pad = (cell: string, to: number, column: number): string => {
  const space = ' '.repeat(to - width(cell))
  return column === 0 || column === 6 ? cell + space : space + cell
}
