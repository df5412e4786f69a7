import { expect, test } from 'vitest'
import { findPaths, pathInWorkspace } from './path-links.ts'

const brief = (text: string): unknown[] =>
  findPaths(text).map(({ start, end, path, line, column }) => [text.slice(start, end), path, line, column])

test.each([
  ['src/app.ts:12:4 - error', [['src/app.ts:12:4', 'src/app.ts', 12, 4]]],
  ['  at run (./lib/run.js:7:19)', [['./lib/run.js:7:19', './lib/run.js', 7, 19]]],
  ['frontend/a.tsx(3,15): error TS2322', [['frontend/a.tsx(3,15)', 'frontend/a.tsx', 3, 15]]],
  ['  File "tools/gen.py", line 42, in main', [['tools/gen.py', 'tools/gen.py', 42, null]]],
  ['modified:   README.md', [['README.md', 'README.md', null, null]]],
  ['+++ b/docs/guide.md', [['b/docs/guide.md', 'docs/guide.md', null, null]]],
  [
    'see /etc/hosts, and main.rs.',
    [
      ['/etc/hosts', '/etc/hosts', null, null],
      ['main.rs', 'main.rs', null, null],
    ],
  ],
])('in %j the paths are found', (text, expected) => {
  expect(brief(text)).toEqual(expected)
})

test.each([
  'https://example.org/a/b.ts',
  'ada@example.org',
  'yes and/or no',
  '1/2 done',
  'version 1.2.3',
  'a'.repeat(5_000),
])('in %j there is no path', (text) => {
  expect(brief(text)).toEqual([])
})

test.each([
  ['src/a.ts', null, 'src/a.ts'],
  ['../a.ts', '/home/ada/octo/src', 'a.ts'],
  ['./a.ts', '/home/ada/octo/src', 'src/a.ts'],
  ['/home/ada/octo/x/../y.ts', null, 'y.ts'],
  ['/etc/hosts', null, null],
  ['../../etc/hosts', null, null],
  ['/home/ada/octopus/a.ts', null, null],
  ['~/a.ts', null, null],
])('%s, printed in %s, is %s in the workspace', (path, cwd, expected) => {
  expect(pathInWorkspace(path, cwd, '/home/ada/octo')).toBe(expected)
})
