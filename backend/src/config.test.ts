import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { listConfig, loadConfig } from './config.ts'

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'octo-config-'))
  file = join(folder, 'config.toml')
})
afterEach(() => rmSync(folder, { recursive: true }))

/** What is said about a file with this text. */
function complaint(text: string): string {
  writeFileSync(file, text)
  try {
    loadConfig(file)
  } catch (error) {
    return error instanceof Error ? error.message.replace(file, 'config.toml') : String(error)
  }
  return 'nothing'
}

test('without a file everything has its default', () => {
  expect(loadConfig(file).config).toMatchObject({
    server: { host: '127.0.0.1', port: 7_700, hosts: [], origins: [] },
    agents: { pi: { kind: 'pi' } },
  })
})

describe('what is wrong is said with its line, and what is allowed there', () => {
  test.each([
    [
      'a key that is not known',
      '[server]\nhost = "x"\nprot = 80\n',
      'config.toml line 3: there is no "server.prot"; allowed here: host, port, hosts, origins.',
    ],
    [
      'a table that is not known',
      '[sever]\nport = 80\n',
      'config.toml line 1: there is no "sever"; allowed here: agents, terminals, server, log, accounts.',
    ],
    [
      'a dotted key',
      'server.prot = 80\n',
      'config.toml line 1: there is no "server.prot"; allowed here: host, port, hosts, origins.',
    ],
    [
      'a wrong type',
      '\n\n[server]\nport = "80"\n',
      'config.toml line 4: "server.port" is wrong: expected number, received string. It must be a whole number from 0 to 65535.',
    ],
    [
      'too large a number',
      '[accounts]\nidleDays = 1000\n',
      'config.toml line 2: "accounts.idleDays" is wrong: Too big: expected number to be <=365. It must be a whole number from 1 to 365.',
    ],
    [
      'a word that is none of the choice',
      '[log]\nlevel = "loud"\n',
      'config.toml line 2: "log.level" is wrong: Invalid option: expected one of "debug"|"info"|"warn"|"error". It must be one of "debug", "info", "warn", "error".',
    ],
    [
      'an origin with a path',
      '[server]\norigins = ["https://a.example", "https://b.example/octo"]\n',
      'config.toml line 2: "server.origins.1" is wrong: must be an origin such as https://octo.example.org, without a path. It must be a text in quotes.',
    ],
    [
      'a key of an agent',
      '[agents.pi]\nkind = "pi"\n[agents.other]\nkind = "pi"\ncomand = "x"\n',
      'config.toml line 5: there is no "agents.other.comand"; allowed here: kind, title, command, args, env.',
    ],
  ])('%s', (_what, text, said) => {
    expect(complaint(text)).toBe(said)
  })

  test('and text that is no TOML', () => {
    expect(complaint('[server]\nport = \n')).toMatch(/^config\.toml line 2: .+\.$/u)
  })
})

test('what is in force is listed with where it comes from', () => {
  writeFileSync(
    file,
    '# octo\n[server]\nport = 8080\norigins = [\n  "https://octo.example.org",\n]\n\n[agents.mine]\nkind = "pi"\n',
  )
  const listed = listConfig(loadConfig(file))
  expect(listed.filter(({ from }) => from !== 'default')).toEqual([
    { key: 'agents.mine.kind', value: 'pi', from: `${file}:9` },
    { key: 'server.port', value: 8_080, from: `${file}:3` },
    { key: 'server.origins', value: ['https://octo.example.org'], from: `${file}:4` },
  ])
  expect(listed).toContainEqual({ key: 'server.host', value: '127.0.0.1', from: 'default' })
})
