import { expect, test } from 'vitest'

import { isApple, shortcutKeys } from './shortcut.ts'

test('a shortcut is printed as the platform prints it', () => {
  expect(shortcutKeys('mod+shift+k', true)).toEqual(['⌘', '⇧', 'K'])
  expect(shortcutKeys('mod+shift+k', false)).toEqual(['Ctrl', 'Shift', 'K'])
  expect(shortcutKeys('escape', false)).toEqual(['Esc'])
  expect(shortcutKeys('f2', false)).toEqual(['F2'])
})

test('only Apple has the command key', () => {
  expect(['MacIntel', 'iPhone', 'Linux x86_64', 'Win32'].map((name) => isApple(name))).toEqual([
    true,
    true,
    false,
    false,
  ])
})
