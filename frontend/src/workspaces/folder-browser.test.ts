import { expect, test } from 'vitest'
import { crumbsOf, pathMeant } from './folder-browser.tsx'

test('the path begins at home where it can, else at the root', () => {
  expect(crumbsOf('/home/ada/src/octo', '/home/ada')).toEqual([
    { name: '~', path: '/home/ada' },
    { name: 'src', path: '/home/ada/src' },
    { name: 'octo', path: '/home/ada/src/octo' },
  ])
  expect(crumbsOf('/srv/www', '/home/ada')).toEqual([
    { name: '/', path: '/' },
    { name: 'srv', path: '/srv' },
    { name: 'www', path: '/srv/www' },
  ])
  expect(crumbsOf('/home/adam', '/home/ada').map(({ path }) => path)).toEqual(['/', '/home', '/home/adam'])
})

test('Enter goes to a typed path, or into the only folder that matches', () => {
  const listing = {
    path: '/home/ada',
    home: '/home/ada',
    folders: [
      { name: 'octo', git: true },
      { name: 'notes', git: false },
    ],
  }
  expect(pathMeant('/srv', listing)).toBe('/srv')
  expect(pathMeant('~/src', listing)).toBe('/home/ada/src')
  expect(pathMeant('oct', listing)).toBe('/home/ada/octo')
  expect(pathMeant('o', listing)).toBeNull()
  expect(pathMeant('', listing)).toBeNull()
})
