import { expect, test } from 'vitest'
import { ByteRing } from './byte-ring.ts'

test('the last lines are kept, whatever came before', () => {
  const ring = new ByteRing(20)
  for (let line = 1; line <= 500; line += 1) ring.push(Buffer.from(`line ${line}\n`))
  expect(ring.lastLines(2)).toBe('line 499\nline 500')
})

test('bytes that come one by one are joined', () => {
  const ring = new ByteRing(10)
  for (const byte of Buffer.from('0123456789abcdef'.repeat(50))) ring.push(Uint8Array.of(byte))
  expect(ring.lastLines(5)).toBe('6789abcdef')
})
