import { expect, test } from 'vitest'
import { addCounts, closingLine, countReport } from './report.mjs'

function file(name: string, status: string, ...assertions: string[]) {
  return { name, status, assertionResults: assertions.map((assertion) => ({ status: assertion })) }
}

function report(passed: number, failed: number, ...testResults: ReturnType<typeof file>[]) {
  return { numPassedTests: passed, numFailedTests: failed, numPendingTests: 0, numTodoTests: 0, testResults }
}

test('passed and failed tests are counted as they are', () => {
  const run = report(2, 1, file('a', 'passed', 'passed', 'passed'), file('b', 'failed', 'failed'))
  expect(countReport(run, 1)).toEqual({ passed: 2, failed: 1, skipped: 0, problems: [] })
})

test('a file that does not load counts as a failure', () => {
  const run = report(2, 0, file('a', 'passed', 'passed', 'passed'), file('b', 'failed'))
  expect(countReport(run, 1)).toEqual({ passed: 2, failed: 1, skipped: 0, problems: ['b (could not run)'] })
})

test('a hook that throws counts as a failure although its tests were only skipped', () => {
  const run = { ...report(1, 0, file('a', 'passed', 'passed'), file('b', 'failed', 'skipped')), numPendingTests: 1 }
  expect(countReport(run, 1)).toEqual({ passed: 1, failed: 1, skipped: 1, problems: ['b (could not run)'] })
})

test('an error outside every test counts as a failure', () => {
  const counts = countReport(report(1, 0, file('a', 'passed', 'passed')), 1)
  expect(counts).toMatchObject({ passed: 1, failed: 1, problems: [expect.stringContaining('outside every test')] })
})

test('no tests, no report and a killed run are failures', () => {
  expect(countReport(report(0, 0), 0).failed).toBe(1)
  expect(countReport(null, 0).failed).toBe(1)
  expect(countReport(report(1, 0, file('a', 'passed', 'passed')), null).failed).toBe(1)
})

test('the closing line adds the checks and names skipped tests only if there are any', () => {
  const tests = { passed: 40, failed: 1, skipped: 0, problems: [] }
  expect(closingLine(addCounts({ passed: 6, failed: 1 }, tests))).toBe('46 passed, 2 failed')
  expect(closingLine({ ...tests, skipped: 3 })).toBe('40 passed, 1 failed, 3 skipped')
})
