import { expect, test } from 'vitest'
import { cleanPaste, needsConsent } from './paste.ts'

test('a pasted text cannot end its own bracket', () => {
  expect(cleanPaste('ls\u001B[201~\rrm -rf ~\r\u009B201~')).toBe('ls␛[201~\rrm -rf ~\r␛201~')
})

test('several lines need consent, unless the program takes pastes as such', () => {
  expect([
    needsConsent('one', false),
    needsConsent('one\n', false),
    needsConsent('one\ntwo', false),
    needsConsent('one\r\n\r\n', false),
    needsConsent('one\ntwo', true),
  ]).toEqual([false, false, true, true, false])
})
