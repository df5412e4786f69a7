import { expect, test } from 'vitest'
import { allowedAddresses } from './addresses.ts'

function listed(given: Partial<Parameters<typeof allowedAddresses>[0]>) {
  const { hosts, origins } = allowedAddresses({ host: '127.0.0.1', port: 7_700, hosts: [], origins: [], ...given })
  return { hosts: [...hosts], origins: [...origins] }
}

test('loopback is allowed under its names, with the port alone', () => {
  expect(listed({})).toEqual({
    hosts: ['localhost:7700', '127.0.0.1:7700', '[::1]:7700'],
    origins: ['http://localhost:7700', 'http://127.0.0.1:7700', 'http://[::1]:7700'],
  })
})

test('listening on every address allows no name for it', () => {
  expect(listed({ host: '0.0.0.0' })).toEqual(listed({}))
  expect(listed({ host: '::' })).toEqual(listed({}))
})

test('an address that is listened on is allowed, in brackets if it needs them', () => {
  expect(listed({ host: 'fd00::7' }).hosts).toContain('[fd00::7]:7700')
  expect(listed({ host: '192.168.1.5' }).origins).toContain('http://192.168.1.5:7700')
})

test('browsers leave out the usual port', () => {
  expect(listed({ port: 80 }).hosts).toContain('localhost')
})

test('a configured name is allowed with our port and without one, as a proxy passes it on', () => {
  expect(listed({ hosts: ['Box.lan'] }).hosts).toEqual([...listed({}).hosts, 'box.lan', 'box.lan:7700'])
  expect(listed({ hosts: ['box.lan:8443'] }).hosts).toEqual([...listed({}).hosts, 'box.lan:8443'])
})

test('a configured origin is allowed exactly, and its host with it', () => {
  const { hosts, origins } = listed({ origins: ['https://octo.example.org:8443'] })
  expect(origins.at(-1)).toBe('https://octo.example.org:8443')
  expect(hosts.at(-1)).toBe('octo.example.org:8443')
})
