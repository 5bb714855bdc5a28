import { readFile } from 'node:fs/promises'

/** Prints the counts of a vitest JSON report as one line. A file that could not even be loaded counts as one failed test. */
interface Report {
  numPassedTests: number
  numFailedTests: number
  testResults: { status: string; assertionResults: { status: string }[] }[]
}

const report = JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')) as Report
const broken = report.testResults.filter(
  file => file.status === 'failed' && file.assertionResults.every(test => test.status !== 'failed'),
)
process.stdout.write(`${report.numPassedTests} passed, ${report.numFailedTests + broken.length} failed\n`)
