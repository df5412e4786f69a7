// Types of the wire are declared in the protocol alone.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { isBuilt, listFiles } from './lib/files.mjs'
import { findSecondHomes } from './lib/names.mjs'
import { root } from './lib/run.mjs'

const sources = ['protocol/src', 'runner/src', 'backend/src', 'frontend/src']
const files = listFiles(root, sources).filter((file) => /\.tsx?$/.test(file) && isBuilt(file))
const problems = findSecondHomes(
  files.map((file) => ({ path: file, source: readFileSync(path.join(root, file), 'utf8') })),
)
for (const problem of problems) console.log(problem)
if (problems.length > 0) {
  console.log('Import the type from where it is at home, or give the other thing a name of its own.')
  process.exitCode = 1
}
