// The rooms of protocol, runner, backend and frontend are those of rooms.json. A new room or folder is added there.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { compareRooms } from './lib/rooms.mjs'
import { root } from './lib/run.mjs'

const SIDES = ['runner', 'backend', 'frontend']

/** @param {string} side */
function readSide(side) {
  const source = path.join(root, side, 'src')
  return readdirSync(source, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ name, hasDoor: existsSync(path.join(source, name, 'index.ts')) }))
}

const tree = {
  protocol: readdirSync(path.join(root, 'protocol/src'))
    .filter((name) => !name.endsWith('.test.ts'))
    .map((name) => name.replace(/\.ts$/, '')),
  sides: Object.fromEntries(SIDES.map((side) => [side, readSide(side)])),
}
const problems = compareRooms(JSON.parse(readFileSync(path.join(root, 'scripts/rooms.json'), 'utf8')), tree)
for (const problem of problems) console.log(problem)
if (problems.length > 0) {
  console.log('The plan is scripts/rooms.json: change it if the folders are meant to be as they are.')
  process.exitCode = 1
}
