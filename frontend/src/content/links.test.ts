import { describe, expect, test } from 'vitest'

import { parsePath, safeHref, safeImageSource } from './links.ts'

describe('addresses', () => {
  test.each([
    ['https://example.com/a?b#c', 'https://example.com/a?b#c'],
    ['http://localhost:3000', 'http://localhost:3000/'],
    ['mailto:a@example.com', 'mailto:a@example.com'],
  ])('%s leads there', (href, safe) => {
    expect(safeHref(href)).toBe(safe)
  })

  test.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    'java\tscript:alert(1)',
    'java\nscript:alert(1)',
    '\u0001javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:msgbox(1)',
    'file:///etc/passwd',
    'blob:https://octo.example/1',
    'ftp://example.com',
    '//example.com',
    '/api/call/sessions.delete',
    '#top',
    '',
    `https://example.com/${'a'.repeat(5_000)}`,
  ])('%j leads nowhere', (href) => {
    expect(safeHref(href)).toBeNull()
  })

  test('images come from our own blobs alone', () => {
    expect(safeImageSource('/api/blobs/b_1')).toBe('/api/blobs/b_1')
    expect(safeImageSource('blob:https://octo.example/1')).toBe('blob:https://octo.example/1')
    for (const href of [
      'https://example.com/a.png',
      '/api/call/x',
      '/api/blobs/../call/x',
      '//evil/api/blobs/1',
      'data:image/svg+xml,<svg>',
    ]) {
      expect(safeImageSource(href)).toBeNull()
    }
  })
})

describe('paths', () => {
  test.each([
    ['src/app.ts', { path: 'src/app.ts', line: null, column: null }],
    ['src/app.ts:12', { path: 'src/app.ts', line: 12, column: null }],
    ['src/app.ts:12:4', { path: 'src/app.ts', line: 12, column: 4 }],
    ['src/app.ts#L7', { path: 'src/app.ts', line: 7, column: null }],
    ['./run', { path: './run', line: null, column: null }],
    ['/etc/hosts', { path: '/etc/hosts', line: null, column: null }],
    ['package.json', { path: 'package.json', line: null, column: null }],
    ['app/[id]/page.tsx', { path: 'app/[id]/page.tsx', line: null, column: null }],
    ['../docs/a/b', { path: '../docs/a/b', line: null, column: null }],
  ])('%s opens', (text, target) => {
    expect(parsePath(text)).toEqual(target)
  })

  test.each([
    'and/or',
    '1/2',
    'Node.js',
    'console.log',
    'a.b.c()',
    'v1.2.3',
    'rm -rf /tmp/x',
    'https://a.example/b.ts',
    '10/12/2025',
    '...',
    '/',
  ])('%s is text', (text) => {
    expect(parsePath(text)).toBeNull()
  })
})
