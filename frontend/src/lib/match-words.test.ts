import { expect, test } from 'vitest'
import { matchWords } from './match-words.ts'

test('every word must stand in the text, in any order and case', () => {
  expect(matchWords('Fix the login', 'LOGIN fix')).toBeGreaterThan(0)
  expect(matchWords('Fix the login', 'fix logout')).toBe(0)
  expect(matchWords('anything', ' ')).toBe(1)
})

test('a beginning counts more than a middle', () => {
  const texts = ['catalog', 'a login', 'login']
  expect(texts.toSorted((a, b) => matchWords(b, 'log') - matchWords(a, 'log'))).toEqual(['login', 'a login', 'catalog'])
})
