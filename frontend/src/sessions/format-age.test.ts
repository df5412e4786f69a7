import { expect, test } from 'vitest'
import { formatAge } from './format-age.ts'

test('an age is one short number', () => {
  const ages = [-5, 0, 59_000, 60_000, 59 * 60_000, 3_600_000, 47 * 3_600_000, 8 * 86_400_000]
  expect(ages.map((age) => formatAge(1e12 - age, 1e12))).toEqual(['now', 'now', 'now', '1m', '59m', '1h', '1d', '1w'])
})
