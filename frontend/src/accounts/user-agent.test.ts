import { expect, test } from 'vitest'
import { describeBrowser } from './user-agent.ts'

test('a login is named by browser and system', () => {
  expect(
    [
      'Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0',
      'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36 Edg/126.0',
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1',
      'curl/8.5.0',
      '',
    ].map(describeBrowser),
  ).toEqual(['Firefox on Linux', 'Edge on Windows', 'Safari on iOS', 'curl/8.5.0', 'Unknown program'])
})
