import { expect, test } from 'vitest'
import { clearedCookies, loginCookies, readCookies } from './cookies.ts'

const login = { accessToken: 'a.b.c', accessSeconds: 600, refreshToken: 'r', refreshSeconds: 86_400 }

test('over HTTPS no other site can set or read the cookies', () => {
  expect(loginCookies(login, true)).toEqual([
    '__Host-octo_access=a.b.c; Path=/; Max-Age=600; HttpOnly; SameSite=Strict; Secure',
    '__Host-octo_refresh=r; Path=/; Max-Age=86400; HttpOnly; SameSite=Strict; Secure',
  ])
})

test('over plain HTTP the long-lived cookie goes only where logins are renewed', () => {
  expect(loginCookies(login, false)).toEqual([
    'octo_access=a.b.c; Path=/; Max-Age=600; HttpOnly; SameSite=Strict',
    'octo_refresh=r; Path=/api/accounts; Max-Age=86400; HttpOnly; SameSite=Strict',
  ])
})

test('cookies are cleared under the names and paths they were set with', () => {
  expect(clearedCookies(false)).toEqual([
    'octo_access=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict',
    'octo_refresh=; Path=/api/accounts; Max-Age=0; HttpOnly; SameSite=Strict',
  ])
})

test.each([
  ['octo_access=one; octo_refresh=two', { access: 'one', refresh: 'two' }],
  ['octo_access=planted; __Host-octo_access=ours', { access: 'ours', refresh: undefined }],
  ['octo_access=first; octo_access=second', { access: 'first', refresh: undefined }],
  [' a=b;;octo_refresh = spaced ; =x; y', { access: undefined, refresh: 'spaced' }],
  [undefined, { access: undefined, refresh: undefined }],
])('reads %s', (header, cookies) => {
  expect(readCookies(header)).toEqual(cookies)
})
