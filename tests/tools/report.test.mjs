import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { gtestCounts, judge, playwrightCounts, sum, vitestCounts } from '../../tools/test_runner/report.mjs'

function reportFile(content) {
  const file = join(mkdtempSync(join(tmpdir(), 'soi-report-')), 'report.json')
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

describe('counting test cases', () => {
  test('GoogleTest: a skipped case is neither passed nor failed', () => {
    const file = reportFile({
      testsuites: [
        { testsuite: [{ result: 'COMPLETED' }, { result: 'COMPLETED', failures: [{ failure: 'no' }] }] },
        { testsuite: [{ result: 'SKIPPED' }, { result: 'COMPLETED' }] },
      ],
    })
    expect(gtestCounts(file)).toEqual({ passed: 2, failed: 1 })
  })

  test('Vitest: a file that could not be loaded is a failure', () => {
    const file = reportFile({
      numPassedTests: 3,
      numFailedTests: 1,
      testResults: [
        { status: 'failed', assertionResults: [{ status: 'failed' }] },
        { status: 'failed', assertionResults: [] },
      ],
    })
    expect(vitestCounts(file)).toEqual({ passed: 3, failed: 2 })
  })

  test('Playwright: errors outside any test, and flaky tests, are failures', () => {
    const file = reportFile({ stats: { expected: 4, unexpected: 1, flaky: 1, skipped: 2 }, errors: [{ message: 'x' }] })
    expect(playwrightCounts(file)).toEqual({ passed: 4, failed: 3 })
  })

  test('a report that is missing or cut short has no counts', () => {
    expect(gtestCounts(join(tmpdir(), 'soi-no-such-report.json'))).toBeNull()
    expect(gtestCounts(reportFile('{"testsuites": ['))).toBeNull()
  })

  test('a program that crashed, or ran no test, has failed', () => {
    const crashed = { status: null, output: 'Segmentation fault' }
    expect(judge('a_tests', crashed, null)).toMatchObject({ passed: 0, failed: 1 })
    expect(judge('a_tests', crashed, { passed: 5, failed: 0 })).toMatchObject({ passed: 5, failed: 1 })
    expect(judge('a_tests', { status: 0, output: '' }, { passed: 0, failed: 0 })).toMatchObject({ failed: 1 })
    expect(judge('a_tests', { status: 0, output: '' }, { passed: 2, failed: 0 })).toMatchObject({ passed: 2, failed: 0 })
  })

  test('a failure brings what was printed', () => {
    const outcome = judge('a_tests', { status: 1, output: 'expected 1, got 2' }, { passed: 1, failed: 1 })
    expect(sum([outcome, outcome])).toEqual({
      passed: 2,
      failed: 2,
      explanation: 'a_tests:\nexpected 1, got 2\na_tests:\nexpected 1, got 2',
    })
  })
})
