import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { mkdir, readdir, readFile, rm, stat, watch, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Status } from '@octo/protocol'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type TestFolder, testFolder } from '../lib/testing/folder.ts'
import { type Browser, openBrowser, PASSWORD } from '../lib/testing/test-server.ts'

/*
 * The programs as they are installed, with the real runner. They run what was compiled: ./setup.sh build.
 */

const BIN = fileURLToPath(new URL('../../bin', import.meta.url))

/** A runner starts in less than a second; this is for a machine that does ten other things. */
const RUNNER_MS = 20_000

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly error: string
}

interface Serving {
  readonly child: ChildProcess
  readonly url: string
  readonly setupUrl: string | null
  readonly pid: number
  /** What it said on standard error. */
  log(): string
  end(signal: NodeJS.Signals): Promise<number | null>
}

let folder: TestFolder
let home: string
const serving: Serving[] = []

beforeEach(async () => {
  folder = await testFolder()
  home = join(folder.path, 'home')
})
afterEach(async () => {
  for (const server of serving.splice(0)) await server.end('SIGTERM')
  await folder[Symbol.asyncDispose]()
})

function start(program: 'octo' | 'octoctl', args: readonly string[]): ChildProcess {
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder.path, LANG: 'C.UTF-8', SHELL: '/bin/sh' }
  return spawn(process.execPath, [join(BIN, `${program}.js`), ...args], { env, stdio: 'pipe' })
}

async function run(program: 'octo' | 'octoctl', args: readonly string[], input = ''): Promise<Ended> {
  const child = start(program, [...args, '--home', home])
  const [out, error] = [collect(child.stdout), collect(child.stderr)]
  child.stdin?.end(input)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, out: out(), error: error() }
}

async function serve(...args: readonly string[]): Promise<Serving> {
  const child = start('octo', ['serve', '--port', '0', '--json', '--home', home, ...args])
  const log = collect(child.stderr)
  const exit = once(child, 'exit') as Promise<[number | null]>
  if (child.stdout === null) throw new Error('no output')
  const first = once(createInterface({ input: child.stdout }), 'line') as Promise<[string]>
  const [line] = await Promise.race([first, exit.then(() => Promise.reject(new Error(`octo ended:\n${log()}`)))])
  const server: Serving = {
    child,
    ...(JSON.parse(line) as { url: string; setupUrl: string | null; pid: number }),
    log,
    async end(signal) {
      child.kill(signal)
      const [code] = await exit
      return code
    },
  }
  serving.push(server)
  return server
}

async function setUp({ url, setupUrl }: Serving): Promise<Browser> {
  const browser = openBrowser(url)
  const body = { secret: setupUrl?.split('#setup=')[1], username: 'ada', password: PASSWORD }
  expect((await browser.ask('/api/accounts/setup', { method: 'POST', body })).status).toBe(200)
  return browser
}

async function status(): Promise<Status> {
  const { out, error } = await run('octoctl', ['status', '--json'])
  if (out === '') throw new Error(error)
  return Status.parse(JSON.parse(out))
}

/** Asks until the runner of the only user answers, and is not the one that is known. */
async function runnerPid(other?: number): Promise<number> {
  const giveUpAt = performance.now() + RUNNER_MS
  for (;;) {
    const pid = (await status()).runners[0]?.process?.pid
    if (pid !== undefined && pid !== other) return pid
    if (performance.now() > giveUpAt) throw new Error('The runner did not start.')
  }
}

describe('octo serve', () => {
  test('says in one line where it is, and the secret works once', async () => {
    const server = await serve()
    expect(server.setupUrl).toMatch(new RegExp(`^${server.url}/#setup=[\\w-]{43}$`, 'u'))
    expect(server.pid).toBe(server.child.pid)
    await setUp(server)
    await server.end('SIGTERM')
    expect((await serve()).setupUrl).toBeNull()
  })

  test('keeps everything to its owner, below its home', async () => {
    const server = await serve()
    await setUp(server)
    await runnerPid()
    for (const path of ['backend', 'run', 'runners', 'runners/ada']) expect(await modeOf(path)).toBe('700')
    for (const path of ['backend/octo.db', 'backend/server.key', 'run/control.sock', 'run/runner-ada.sock']) {
      expect([path, await modeOf(path)]).toEqual([path, '600'])
    }
  })

  test('ends with its runner when it is told to', async () => {
    const server = await serve()
    await setUp(server)
    const pid = await runnerPid()
    expect(await server.end('SIGTERM')).toBe(0)
    expect(isAlive(pid)).toBe(false)
  })

  test('finds the runner again that it left when it was killed', async () => {
    const server = await serve()
    await setUp(server)
    const pid = await runnerPid()
    await server.end('SIGKILL')
    expect(isAlive(pid)).toBe(true)
    const next = await serve()
    expect(await runnerPid()).toBe(pid)
    expect(await next.end('SIGTERM')).toBe(0)
    expect(isAlive(pid)).toBe(false)
  })

  test('starts the runner again when that was killed, whether started or found', async () => {
    const server = await serve()
    await setUp(server)
    const first = await runnerPid()
    process.kill(first, 'SIGKILL')
    const second = await runnerPid(first)
    await server.end('SIGKILL')
    await serve()
    expect(await runnerPid()).toBe(second)
  })

  test('forwards to the real runner', async () => {
    const server = await serve()
    const ada = await setUp(server)
    await runnerPid()
    const workspace = join(folder.path, 'project')
    await mkdir(workspace)
    await writeFile(join(workspace, 'a.txt'), 'hello')
    const added = await ada.call('workspaces.add', { path: workspace }, 'command-0000000001')
    const { id } = added.json['result'] as { id: string }
    const answer = await ada.ask(`/api/files/content?workspace=${id}&path=a.txt`)
    expect([answer.status, answer.text]).toEqual([200, 'hello'])
    const socket = await ada.connect()
    expect((await socket.call('workspaces.list')).result).toMatchObject({ items: [{ id, path: workspace }] })
  })

  test('logs no secrets', async () => {
    const server = await serve()
    const ada = await setUp(server)
    await ada.ask('/api/files/content?workspace=x&path=secret-name')
    await server.end('SIGTERM')
    const cookies = [...ada.cookies.values()]
    const secrets = [PASSWORD, server.setupUrl?.split('=')[1] ?? 'none', 'secret-name', ...cookies]
    const said = server.log() + (await readFile(join(home, 'runners/ada/runner.log'), 'utf8'))
    expect(secrets.filter((secret) => said.includes(secret))).toEqual([])
    expect(
      said
        .trim()
        .split('\n')
        .map((line) => typeof JSON.parse(line)),
    ).not.toContain('string')
  })

  test.each([
    ['too long for sockets', 'x'.repeat(100)],
    ['full of what means something in URLs', 'a:b c#d%20?'],
  ])('works on a home whose path is %s', async (_what, name) => {
    home = join(folder.path, name, 'home')
    const server = await serve()
    const ada = await setUp(server)
    const socket = await ada.connect()
    expect((await socket.call('workspaces.list')).result).toMatchObject({ items: [] })
    const pid = await runnerPid()
    await server.end('SIGKILL')
    await serve()
    expect(await runnerPid()).toBe(pid)
  })

  test('ends cleanly when it is told to while it starts', async () => {
    const server = await serve()
    await setUp(server)
    await runnerPid()
    await server.end('SIGTERM')
    await rm(join(home, 'run/runner-ada.json'))
    const changes = watch(join(home, 'run'))
    const child = start('octo', ['serve', '--port', '0', '--json', '--home', home])
    // It is written just before the runner is started, and the server itself still has much to load.
    for await (const { filename } of changes) if (filename === 'runner-ada.json') break
    child.kill('SIGTERM')
    await once(child, 'exit')
    expect((await run('octoctl', ['status'])).code).toBe(1)
    expect((await readdir(join(home, 'run'))).filter((name) => name.endsWith('.sock'))).toEqual([])
  })
})

describe('octo serve says in one sentence why it cannot', () => {
  const refused = async (...args: readonly string[]): Promise<Ended> => run('octo', ['serve', '--json', ...args])

  test('another one runs on its home', async () => {
    await serve()
    expect(await refused('--port', '0')).toEqual({
      code: 1,
      out: '',
      error: `octo: octo already runs on ${home}: stop it first, or choose another folder with --home.\n`,
    })
  })

  test('its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    expect(await refused('--port', String(port))).toEqual({
      code: 1,
      out: '',
      error: `octo: 127.0.0.1:${port} is in use by another program: choose another port with --port.\n`,
    })
    other.close()
  })

  test('its home cannot be written', async () => {
    await writeFile(join(folder.path, 'file'), '')
    home = join(folder.path, 'file', 'home')
    const { code, error } = await refused('--port', '0')
    expect([code, error]).toEqual([
      1,
      `octo: ${home} cannot be written (ENOTDIR): make it yours, or choose another folder with --home.\n`,
    ])
    home = join(folder.path, 'home')
  })

  test('its configuration is wrong', async () => {
    await mkdir(home, { recursive: true })
    await writeFile(join(home, 'config.toml'), '[server]\nprot = 1\n')
    const { code, error } = await refused()
    const allowed = 'there is no "server.prot"; allowed here: host, port, hosts, origins.'
    expect([code, error]).toEqual([1, `octo: ${home}/config.toml line 2: ${allowed}\n`])
  })

  test('its port is no port', async () => {
    const { code, error } = await refused('--port', '70000')
    expect([code, error.includes('A port is a number from 0 to 65535.')]).toEqual([1, true])
  })

  test('others may read its key', async () => {
    await mkdir(join(home, 'backend'), { recursive: true })
    await writeFile(join(home, 'backend/server.key'), Buffer.alloc(32), { mode: 0o644 })
    const { code, error } = await refused('--port', '0')
    expect([code, error]).toEqual([
      1,
      `octo: Others may read the key ${home}/backend/server.key: run chmod 600 on it.\n`,
    ])
  })
})

describe('users and tokens on the command line', () => {
  test('the first has to be an admin, and then can log in, whether a server runs or not', async () => {
    expect(await run('octo', ['user', 'create', 'bob'], `${PASSWORD}\n`)).toEqual({
      code: 1,
      out: '',
      error: 'octo: There is no admin yet, and somebody has to be: add --role admin.\n',
    })
    expect(await run('octo', ['user', 'create', 'ada', '--role', 'admin'], `${PASSWORD}\n`)).toEqual({
      code: 0,
      out: 'Made the user ada (admin).\n',
      error: '',
    })
    const server = await serve()
    expect(server.setupUrl).toBeNull()
    expect((await run('octo', ['user', 'create', 'bob'], `${PASSWORD}\n`)).code).toBe(0)
    const bob = openBrowser(server.url)
    expect((await bob.logIn('bob')).json).toMatchObject({ name: 'bob', role: 'member' })
  })

  test('a name that is taken, and a password that will not do, are refused', async () => {
    await run('octo', ['user', 'create', 'ada', '--role', 'admin'], `${PASSWORD}\n`)
    expect((await run('octo', ['user', 'create', 'ada'], `${PASSWORD}\n`)).error).toBe(
      'octo: There is a user called ada already: choose another name.\n',
    )
    expect((await run('octo', ['user', 'create', 'bob'], 'short\n')).error).toBe(
      'octo: must have at least 10 characters\n',
    )
    expect((await run('octo', ['user', 'create', 'Bob!'], `${PASSWORD}\n`)).code).toBe(1)
  })

  test('a token works until it is revoked, and is listed without what it is', async () => {
    await run('octo', ['user', 'create', 'ada', '--role', 'admin'], `${PASSWORD}\n`)
    const server = await serve()
    const made = await run('octo', ['token', 'create', '--user', 'ada', '--label', 'ci'])
    const token = made.out.trim()
    const me = async () =>
      (await openBrowser(server.url).ask('/api/accounts/me', { headers: { authorization: `Bearer ${token}` } })).status
    expect(await me()).toBe(200)
    const listed = await run('octo', ['token', 'list', '--json'])
    const [entry] = JSON.parse(listed.out) as { id: string; user: string; label: string }[]
    expect(entry).toMatchObject({ user: 'ada', label: 'ci' })
    expect(listed.out).not.toContain(token)
    expect((await run('octo', ['token', 'revoke', entry?.id ?? ''])).out).toBe(`Revoked ${entry?.id}.\n`)
    expect(await me()).toBe(401)
    expect((await run('octo', ['token', 'revoke', 'tok_none'])).code).toBe(1)
    expect((await run('octo', ['token', 'create', '--user', 'nobody'])).error).toBe(
      'octo: There is no user called nobody.\n',
    )
  })
})

describe('the other commands', () => {
  test('octoctl status says what runs, and clearly when nothing does', async () => {
    expect(await run('octoctl', ['status'])).toEqual({
      code: 1,
      out: '',
      error: `octo: No octo runs on ${home}: start it with octo serve.\n`,
    })
    const server = await serve()
    await setUp(server)
    const pid = await runnerPid()
    expect((await run('octoctl', ['status'])).out).toMatch(/^octo http:.+\n {2}version .+\n.+\nrunner of ada: ready\n/u)
    await server.end('SIGKILL')
    expect((await run('octoctl', ['status'])).code).toBe(1)
    process.kill(pid, 'SIGTERM')
  })

  test('octo config show says where each value comes from, and hides what agents are given', async () => {
    await mkdir(home, { recursive: true })
    await writeFile(
      join(home, 'config.toml'),
      '[server]\nport = 8080\n[agents.mine]\nkind = "pi"\nenv = { KEY = "sesame" }\n',
    )
    const { out } = await run('octo', ['config', 'show'])
    const lines = out.split('\n').map((line) => line.split(/ +# /u))
    expect(lines).toContainEqual(['home = ' + JSON.stringify(home), '--home'])
    expect(lines).toContainEqual(['server.port = 8080', `${home}/config.toml:2`])
    expect(lines).toContainEqual(['server.host = "127.0.0.1"', 'default'])
    expect(lines).toContainEqual(['agents.mine.env.KEY = (hidden)', `${home}/config.toml:5`])
    expect(out).not.toContain('sesame')
  })
})

function collect(stream: NodeJS.ReadableStream | null): () => string {
  let text = ''
  stream?.setEncoding('utf8')
  stream?.on('data', (part: string) => {
    text += part
  })
  return () => text
}

async function modeOf(path: string): Promise<string> {
  return ((await stat(join(home, path))).mode & 0o777).toString(8)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
