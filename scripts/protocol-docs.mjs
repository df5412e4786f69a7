// Writes the protocol's reference from its source: docs/reference/protocol.json and docs/protocol-reference.md.
// With --check it only tells whether they are what it would write.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describeProtocol } from '../protocol/src/describe.ts'
import { writeProtocolPage } from './lib/protocol-page.mjs'
import { root } from './lib/run.mjs'

const protocol = describeProtocol()
const pages = {
  'docs/reference/protocol.json': `${JSON.stringify(protocol, null, 2)}\n`,
  'docs/protocol-reference.md': writeProtocolPage(protocol),
}

for (const [file, content] of Object.entries(pages)) {
  const target = path.join(root, file)
  if (!process.argv.includes('--check')) {
    mkdirSync(path.dirname(target), { recursive: true })
    writeFileSync(target, content)
  } else if (read(target) !== content) {
    console.log(`${file} is not what the protocol says now: run "node scripts/protocol-docs.mjs".`)
    process.exitCode = 1
  }
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
