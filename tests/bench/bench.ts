// npm run bench [-- --json] [-- --only NAME]: figures of the started product, each beside its floor from the same run.
import { parseArgs } from 'node:util'
import type { Row } from './measure.ts'
import { agent } from './rows/agent.ts'
import { echo } from './rows/echo.ts'
import { files } from './rows/files.ts'
import { load } from './rows/load.ts'
import { start } from './rows/start.ts'
import { throughput } from './rows/throughput.ts'

/** Each group starts what it needs and ends it, so that one can be measured alone. */
const groups: Readonly<Record<string, () => Promise<Row[]>>> = { start, load, echo, throughput, agent, files }

const { values: options } = parseArgs({
  options: { json: { type: 'boolean', default: false }, only: { type: 'string' } },
})

const chosen = Object.entries(groups).filter(([name]) => options.only === undefined || name === options.only)
if (chosen.length === 0) {
  console.error(`There is no group "${options.only ?? ''}": choose one of ${Object.keys(groups).join(', ')}.`)
  process.exit(2)
}

let missed = 0
if (!options.json) printLine(['row', 'value', 'floor', 'unit', 'goal', ''])
for (const [, measure] of chosen) {
  for (const measured of await measure()) {
    if (!measured.ok) missed += 1
    if (options.json) console.log(JSON.stringify(measured))
    else printRow(measured)
  }
}
if (!options.json) console.log(missed === 0 ? '\nEvery goal is reached.' : `\n${missed} goals are missed.`)

function printRow({ row, value, floor, unit, goal, ok }: Row): void {
  printLine([row, String(value), floor === null ? '–' : String(floor), unit, goal, ok ? 'ok' : 'MISSED'])
}

function printLine(cells: readonly string[]): void {
  const widths = [46, 10, 10, 6, 24, 0]
  console.log(
    cells
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join(' ')
      .trimEnd(),
  )
}
