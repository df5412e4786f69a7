import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync, writeSync, closeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { boundLogFile, lastReason, openLogFile } from './log-file.ts'

let folder: string
let path: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'octo-log-'))
  path = join(folder, 'runner.log')
})
afterEach(() => rmSync(folder, { recursive: true }))

const line = (entry: object): string => `${JSON.stringify(entry)}\n`
const ready = line({ event: 'runner.ready' })

test.each([
  ['no log', null, null],
  ['an empty one', '', null],
  [
    'a refusal',
    line({ event: 'runner.refused', reason: 'A runner answers there already.' }),
    'A runner answers there already.',
  ],
  ['an exception', ready + line({ event: 'runner.failed', error: { message: 'disk I/O error' } }), 'disk I/O error'],
  ['no reason of this process', line({ reason: 'an older one' }) + ready + line({ event: 'runner.stopping' }), null],
  [
    'the last words of Node',
    `${ready}file:///x.js:3\n    throw\n    ^\n\nTypeError: nope\n    at x.js:3\n\nNode.js v24.21.0\n`,
    'TypeError: nope',
  ],
  [
    'its memory',
    `${ready}FATAL ERROR: Reached heap limit\n----- Native stack trace -----\n`,
    'FATAL ERROR: Reached heap limit',
  ],
])('of %s the reason is found, if there is one', (_what, text, reason) => {
  if (text !== null) writeFileSync(path, text)
  expect(lastReason(path)).toBe(reason)
})

test('a log stays within its bound, and whoever writes to it goes on', () => {
  const file = openLogFile(path)
  writeSync(file, 'x'.repeat(5 * 1_048_576))
  boundLogFile(path)
  writeSync(file, 'after')
  closeSync(file)
  expect(readFileSync(path, 'utf8')).toBe('after')
  expect(statSync(`${path}.1`).size).toBe(5 * 1_048_576)
})
