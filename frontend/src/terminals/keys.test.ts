import { expect, test } from 'vitest'
import { BAR_KEYS, keySequence, withCtrl } from './keys.ts'

test('the keys of the bar send what a keyboard sends', () => {
  const plain = { ctrl: false, applicationCursor: false }
  expect(BAR_KEYS.map((key) => keySequence(key, plain))).toEqual([
    '\u001B',
    '\t',
    '\u001B[D',
    '\u001B[B',
    '\u001B[A',
    '\u001B[C',
    '|',
    '/',
    '-',
    '~',
  ])
})

test('arrows follow the program and Ctrl', () => {
  expect([
    keySequence('up', { ctrl: false, applicationCursor: true }),
    keySequence('left', { ctrl: true, applicationCursor: true }),
  ]).toEqual(['\u001BOA', '\u001B[1;5D'])
})

test('Ctrl turns one typed character into a control, and leaves the rest alone', () => {
  expect(['c', 'C', '[', '_', ' ', '/', '1', 'é', 'paste'].map(withCtrl)).toEqual([
    '\u0003',
    '\u0003',
    '\u001B',
    '\u001F',
    '\u0000',
    '\u001F',
    '1',
    'é',
    'paste',
  ])
})
