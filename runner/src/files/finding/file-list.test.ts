import { expect, test } from 'vitest'
import { parseEntry } from './file-list.ts'

test('what git lists is a file that is there, one that is gone, or a repository of its own', () => {
  const object = '587be6b4c3f93f93c489c0111bba5596147a26cb'
  expect(parseEntry('? new file.ts')).toEqual({ path: 'new file.ts', state: 'there' })
  expect(parseEntry('? nested/')).toEqual({ path: 'nested/', state: 'repository' })
  expect(parseEntry(`H 100644 ${object} 0\tsrc/a\tb.ts`)).toEqual({ path: 'src/a\tb.ts', state: 'there' })
  expect(parseEntry(`R 100644 ${object} 0\tgone.ts`)).toEqual({ path: 'gone.ts', state: 'deleted' })
  expect(parseEntry(`H 160000 ${object} 0\tsub`)).toEqual({ path: 'sub', state: 'repository' })
  expect(parseEntry('? .octo-trash/x')).toBeNull()
  expect(parseEntry('')).toBeNull()
})
