import { expect, test } from 'vitest'
import { matchesShortcut } from './commands.ts'

function press(key: string, patch: Partial<KeyboardEvent> = {}): KeyboardEvent {
  const up = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false }
  return { key, code: '', ...up, ...patch } as KeyboardEvent
}

test('the main key is Ctrl here and Cmd on a Mac', () => {
  expect(matchesShortcut(press('k', { ctrlKey: true }), 'mod+k', false)).toBe(true)
  expect(matchesShortcut(press('k', { metaKey: true }), 'mod+k', false)).toBe(false)
  expect(matchesShortcut(press('k', { metaKey: true }), 'mod+k', true)).toBe(true)
  expect(matchesShortcut(press('k', { ctrlKey: true }), 'mod+k', true)).toBe(false)
})

test('a modifier the shortcut does not name must be up', () => {
  expect(matchesShortcut(press('K', { ctrlKey: true, shiftKey: true }), 'mod+k', false)).toBe(false)
  expect(matchesShortcut(press('K', { ctrlKey: true, shiftKey: true }), 'mod+shift+k', false)).toBe(true)
})

test('with Alt the place of the key counts, whatever it types', () => {
  expect(matchesShortcut(press('µ', { altKey: true, code: 'KeyM' }), 'alt+m', true)).toBe(true)
})
