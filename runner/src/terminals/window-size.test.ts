import type { ClientId } from '@octo/protocol'
import { expect, test } from 'vitest'
import { SizeRule } from './window-size.ts'

const desk = 'client-desk' as ClientId
const phone = 'client-phone' as ClientId
const large = { cols: 200, rows: 60 }
const small = { cols: 44, rows: 30 }

test('until somebody types, the last window that asked sets the size', () => {
  const rule = new SizeRule()
  expect([rule.wish(desk, large), rule.wish(phone, small)]).toEqual([large, small])
})

test('whoever typed last decides, and others do not change the size by asking', () => {
  const rule = new SizeRule()
  rule.wish(desk, large)
  rule.wish(phone, small)
  expect([rule.typed(desk), rule.typed(desk), rule.wish(phone, small), rule.wish(desk, large)]).toEqual([
    large,
    null,
    null,
    large,
  ])
  expect(rule.typed(phone)).toEqual(small)
})

test('when the one who decides leaves, the window heard last gets its size', () => {
  const rule = new SizeRule()
  rule.wish(phone, small)
  rule.wish(desk, large)
  rule.typed(desk)
  expect([rule.left(desk), rule.wish(phone, small)]).toEqual([small, small])
})

test('when somebody leaves who did not decide, nothing changes', () => {
  const rule = new SizeRule()
  rule.wish(desk, large)
  rule.typed(desk)
  rule.wish(phone, small)
  expect(rule.left(phone)).toBeNull()
})

test('a client that types before it said its size changes nothing until it says it', () => {
  const rule = new SizeRule()
  rule.wish(desk, large)
  expect([rule.typed(phone), rule.wish(desk, large), rule.wish(phone, small)]).toEqual([null, null, small])
})
