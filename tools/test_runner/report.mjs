import { existsSync, readFileSync } from 'node:fs'

/**
 * What a stage found: how many test cases passed and failed, and the text that explains the failures.
 * @typedef {{ passed: number, failed: number, explanation: string }} Outcome
 */

/** @returns {Outcome} */
export const passed = (count = 1) => ({ passed: count, failed: 0, explanation: '' })

/** @returns {Outcome} */
export const failed = (explanation, count = 1) => ({ passed: 0, failed: count, explanation })

/** @param {Outcome[]} outcomes @returns {Outcome} */
export function sum(outcomes) {
  return {
    passed: outcomes.reduce((total, outcome) => total + outcome.passed, 0),
    failed: outcomes.reduce((total, outcome) => total + outcome.failed, 0),
    explanation: outcomes.map((outcome) => outcome.explanation).filter(Boolean).join('\n'),
  }
}

/**
 * A program of tests wrote a report and ended. One that failed without a failed case in its report (it crashed, or never
 * wrote one) counts as one failed case, and so does one that ran no test at all.
 * @param {string} name
 * @param {{ status: number | null, output: string }} result
 * @param {{ passed: number, failed: number } | null} counts
 * @returns {Outcome}
 */
export function judge(name, result, counts) {
  if (counts === null) return failed(`${name}: no report (exit status ${result.status})\n${result.output}`)
  if (counts.failed > 0) return { ...counts, explanation: `${name}:\n${result.output}` }
  if (result.status !== 0) {
    return { passed: counts.passed, failed: 1, explanation: `${name}: exit status ${result.status}\n${result.output}` }
  }
  if (counts.passed === 0) return failed(`${name}: ran no test\n${result.output}`)
  return { ...counts, explanation: '' }
}

const readReport = (file) => {
  if (!existsSync(file)) return null
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null // cut short by a crash
  }
}

/** Counts of a file that --gtest_output=json: wrote; null where there is none. Skipped cases are not counted. */
export function gtestCounts(file) {
  const report = readReport(file)
  if (report === null) return null
  const cases = report.testsuites.flatMap((suite) => suite.testsuite)
  const ran = cases.filter((test) => test.result === 'COMPLETED')
  const broken = ran.filter((test) => (test.failures ?? []).length > 0)
  return { passed: ran.length - broken.length, failed: broken.length }
}

/** Counts of a file of Vitest's reporter `json`; a file of tests that could not be loaded counts as one failure. */
export function vitestCounts(file) {
  const report = readReport(file)
  if (report === null) return null
  const unloaded = report.testResults.filter((suite) => suite.status === 'failed' && suite.assertionResults.length === 0)
  return { passed: report.numPassedTests, failed: report.numFailedTests + unloaded.length }
}

/** Counts of a file of Playwright's reporter `json`. */
export function playwrightCounts(file) {
  const report = readReport(file)
  if (report === null) return null
  const { expected, unexpected, flaky } = report.stats
  return { passed: expected, failed: unexpected + flaky + report.errors.length }
}
