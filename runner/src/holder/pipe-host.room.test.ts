import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createPipeHost, type HostedProcess, type ProcessExit, type ProcessHost } from './index.ts'

let folder: string
let host: ProcessHost

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'octo-holder-'))
  host = createPipeHost({ home: folder })
})

afterEach(async () => {
  await host.close()
  await rm(folder, { recursive: true })
})

interface Started {
  readonly process: HostedProcess
  readonly exited: Promise<ProcessExit>
  /** Resolves with everything said so far, as soon as that matches. */
  readonly said: (pattern: RegExp) => Promise<string>
}

async function start(script: string, env: Record<string, string> = {}): Promise<Started> {
  const exited = Promise.withResolvers<ProcessExit>()
  const heard = new EventTarget()
  let output = ''
  const process = await host.start(
    { command: '/bin/bash', args: ['-c', script], cwd: folder, env: { PATH: '/usr/bin:/bin', ...env } },
    {
      output(bytes) {
        output += Buffer.from(bytes).toString()
        heard.dispatchEvent(new Event('heard'))
      },
      errorOutput() {},
      exited: exited.resolve,
    },
  )
  return {
    process,
    exited: exited.promise,
    async said(pattern) {
      while (!pattern.test(output)) await once(heard, 'heard')
      return output
    },
  }
}

async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => ' (gone) X')
  return !/^[ZX]/u.test(stat.slice(stat.lastIndexOf(')') + 2))
}

function numbers(text: string): number[] {
  return [...text.matchAll(/\d+/gu)].map(Number)
}

test('a process sees only the environment it was given, and its input and output flow', async () => {
  const { process, said, exited } = await start('read line; echo "got $line with [$SECRET] in $PWD"', {
    SECRET: 'none',
  })
  await process.write(Buffer.from('hello\n'))
  expect(await said(/got/u)).toBe(`got hello with [none] in ${folder}\n`)
  expect(await exited).toEqual({ code: 0, signal: null })
})

test('killing takes along children that moved to other sessions, ignore signals or lost their parents', async () => {
  const { process, said, exited } = await start(`
    sleep 1000 & echo $!
    setsid bash -c 'echo $$; exec sleep 1001' &
    (trap '' HUP TERM; nohup sleep 1002 >/dev/null 2>&1 & echo $!)
    (setsid bash -c 'sleep 1003 & echo $!' )
    sleep 1004`)
  const pids = numbers(await said(/(\d+\n){4}/u))
  await process.signalTree('SIGKILL')
  expect(await exited).toEqual({ code: null, signal: 'SIGKILL' })
  expect(await Promise.all([process.pid, ...pids].map(isAlive))).toEqual([false, false, false, false, false])
})

test('a process that dies by itself takes along what it started, even if that holds its output open', async () => {
  const { said, exited } = await start('setsid sleep 1000 & echo $!; echo ready; exit 3')
  const [child = -1] = numbers(await said(/ready/u))
  expect(await exited).toEqual({ code: 3, signal: null })
  expect(await isAlive(child)).toBe(false)
})

test('the next runner of the same home clears away what was left, and nothing else', async () => {
  const { process, said } = await start('setsid sleep 1000 & echo $!; echo ready; sleep 1001')
  const [child = -1] = numbers(await said(/ready/u))
  const other = createPipeHost({ home: `${folder}-other` })
  expect(await other.killLeftovers()).toBe(0)
  expect(await Promise.all([process.pid, child].map(isAlive))).toEqual([true, true])
  expect(await createPipeHost({ home: folder }).killLeftovers()).toBe(2)
  expect(await Promise.all([process.pid, child].map(isAlive))).toEqual([false, false])
})

test('a missing program, a file that is none and a missing folder are told apart', async () => {
  const listener = { output() {}, errorOutput() {}, exited() {} }
  const spec = { command: join(folder, 'nothing'), args: [], cwd: folder, env: {} }
  await writeFile(join(folder, 'text'), 'no program')
  await expect(host.start(spec, listener)).rejects.toMatchObject({ code: 'agent_missing' })
  await expect(host.start({ ...spec, command: join(folder, 'text') }, listener)).rejects.toMatchObject({
    code: 'permission_denied',
  })
  await expect(host.start({ ...spec, cwd: join(folder, 'gone') }, listener)).rejects.toMatchObject({
    code: 'workspace_gone',
  })
})

test('a writer waits for a process that does not read', async () => {
  const { process } = await start('sleep 1000')
  let flowed = false
  const write = process.write(Buffer.alloc(4 * 1_048_576, 'x')).then(() => (flowed = true))
  await start('echo ready').then(({ said }) => said(/ready/u))
  expect(flowed).toBe(false)
  await process.signalTree('SIGKILL')
  await write
})
