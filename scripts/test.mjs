// Every check and test, ending with the line `N passed, N failed`. Run by `./setup.sh test`, with the Node it installed.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { runChecks } from './lib/checks.mjs'
import { addCounts, closingLine, countReport } from './lib/report.mjs'
import { root } from './lib/run.mjs'

/**
 * Runs vitest with its own output shown.
 *
 * @param {readonly string[]} args projects or path filters
 * @returns {import('./lib/report.mjs').Counts}
 */
function runVitest(args) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'octo-test-'))
  try {
    const report = path.join(folder, 'report.json')
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
    const { status } = spawnSync('vitest', ['run', ...reporters, ...args], {
      cwd: root,
      env: process.stdout.isTTY ? process.env : { ...process.env, NO_COLOR: '1' },
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    return countReport(readReport(report), status)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** @param {string} file */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null // vitest died before it could write one; countReport makes that a failure
  }
}

const [selection, ...more] = process.argv.slice(2)
const counts =
  selection === undefined || selection === 'fast'
    ? addCounts(await runChecks(), runVitest(selection === 'fast' ? ['--project', 'unit'] : []))
    : runVitest([selection, ...more])
for (const problem of counts.problems) console.log(`FAILED ${problem}`)
console.log(closingLine(counts))
process.exitCode = counts.failed === 0 ? 0 : 1
