/**
 * @typedef {{ passed: number, failed: number, skipped: number, problems: string[] }} Counts
 *   problems are failures that no test stands for
 */

/**
 * Counts a report of vitest's JSON reporter. Nothing that went wrong may count as zero failures: a file that does not
 * load, a hook that throws, an error outside every test, a run without a single test.
 *
 * @param {any} report parsed, or null if none was written
 * @param {number | null} exitCode of vitest; null if a signal ended it
 * @returns {Counts}
 */
export function countReport(report, exitCode) {
  if (report === null) return { passed: 0, failed: 1, skipped: 0, problems: ['vitest ended without a report'] }
  /** @type {{ name: string, status: string, assertionResults: { status: string }[] }[]} */
  const files = report.testResults
  const problems = files
    .filter((file) => file.status === 'failed' && file.assertionResults.every(({ status }) => status !== 'failed'))
    .map((file) => `${file.name} (could not run)`)
  const counts = {
    passed: report.numPassedTests,
    failed: report.numFailedTests + problems.length,
    skipped: report.numPendingTests + report.numTodoTests,
    problems,
  }
  if (counts.failed === 0 && exitCode !== 0) return withProblem(counts, 'vitest reports an error outside every test')
  if (counts.failed === 0 && counts.passed === 0) return withProblem(counts, 'no test ran')
  return counts
}

/**
 * @param {Counts} counts
 * @param {string} problem
 * @returns {Counts}
 */
function withProblem(counts, problem) {
  return { ...counts, failed: counts.failed + 1, problems: [...counts.problems, problem] }
}

/**
 * @param {{ passed: number, failed: number }} checks each check counts as one test
 * @param {Counts} tests
 * @returns {Counts}
 */
export function addCounts(checks, tests) {
  return { ...tests, passed: checks.passed + tests.passed, failed: checks.failed + tests.failed }
}

/**
 * @param {Counts} counts
 * @returns {string} the last line of every run
 */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
