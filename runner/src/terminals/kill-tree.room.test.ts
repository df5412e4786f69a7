import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { callerOf, openRoom } from './testing/room-kit.ts'

/** Whether a process runs; one that was killed and not yet collected by its parent does not. */
async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => null)
  return stat !== null && !/\) [ZX] /u.test(stat)
}

const CHILDREN = {
  'an ordinary child': 'sleep 1000 &',
  'a child that ignores the hang-up': `sh -c 'trap "" HUP TERM INT; echo $$ > PID; while :; do sleep 1000; done' &`,
  'a child under nohup': 'nohup sleep 1000 >/dev/null 2>&1 &',
  'a child in a session of its own': 'setsid sleep 1000 >/dev/null 2>&1 </dev/null &',
  'a daemon that forked twice': `(setsid sh -c 'sleep 1000 & echo $! > PID' >/dev/null 2>&1 </dev/null &)`,
  'a stopped child': 'sleep 1000 & kill -STOP $!;',
  'a child without environment': 'env -i sleep 1000 &',
} as const

test.each(Object.entries(CHILDREN))('closing a terminal ends %s', async (_, start) => {
  await using kit = await openRoom()
  const client = kit.client()
  const command = start.includes('PID') ? start.replace('PID', 'pid') : `${start} echo $! > pid`
  const terminal = await kit.run(`${command}\nwhile [ ! -s pid ]; do sleep 0.02; done\necho STARTED\nread line`)
  await client.attach(terminal.id)
  await client.untilText('STARTED')
  const pid = Number(await readFile(join(kit.workspace.path, 'pid'), 'utf8'))
  expect(await isAlive(pid)).toBe(true)
  const begun = performance.now()
  await kit.room.methods['terminals.close']({ terminal: terminal.id }, callerOf(null))
  expect(performance.now() - begun).toBeLessThan(5_000)
  expect(await isAlive(pid)).toBe(false)
})

test('what a shell left behind lives until its terminal is closed', async () => {
  await using kit = await openRoom()
  const client = kit.client()
  await client.list()
  const terminal = await kit.run(
    `nohup setsid sh -c 'echo $$ > pid; exec sleep 1000' >/dev/null 2>&1 </dev/null & while [ ! -s pid ]; do sleep 0.02; done`,
  )
  await client.until(() => client.entry(terminal.id)?.state === 'ended')
  const pid = Number(await readFile(join(kit.workspace.path, 'pid'), 'utf8'))
  expect(await isAlive(pid)).toBe(true)
  await kit.room.methods['terminals.close']({ terminal: terminal.id }, callerOf(null))
  expect(await isAlive(pid)).toBe(false)
})

test('closing one terminal leaves the processes of another alone', async () => {
  await using kit = await openRoom()
  const client = kit.client()
  const first = await kit.run('sleep 1000 & echo $! > pid; echo STARTED; read line')
  await client.attach(first.id)
  await client.untilText('STARTED')
  const pid = Number(await readFile(join(kit.workspace.path, 'pid'), 'utf8'))
  const second = await kit.run('read line')
  await kit.room.methods['terminals.close']({ terminal: second.id }, callerOf(null))
  expect(await isAlive(pid)).toBe(true)
  await kit.room.close()
  expect(await isAlive(pid)).toBe(false)
})

test('closing twice at once is one end, and closing again says that it is gone', async () => {
  await using kit = await openRoom()
  const terminal = await kit.run(`trap '' HUP; while :; do sleep 1000; done`)
  const close = (): Promise<unknown> => kit.room.methods['terminals.close']({ terminal: terminal.id }, callerOf(null))
  expect(await Promise.all([close(), close()])).toEqual([{}, {}])
  await expect(close()).rejects.toMatchObject({ code: 'not_found' })
})

test('removing a workspace ends its terminals', async () => {
  await using kit = await openRoom()
  const watcher = kit.client()
  await watcher.list()
  await kit.run('read line')
  await kit.run('read line')
  await kit.room.closeWorkspace(kit.workspace.id)
  const { items } = await watcher.list()
  expect(items).toEqual([])
})

test('forty terminals that do not want to go are closed together in five seconds', async () => {
  await using kit = await openRoom()
  for (let n = 0; n < 40; n += 1) {
    const client = kit.client()
    const terminal = await kit.run(
      `trap '' HUP; setsid sh -c 'echo $$; exec sleep 1000' & while :; do sleep 1000; done`,
    )
    await client.attach(terminal.id)
    await client.until(() => /\d\r\n/u.test(client.text))
  }
  const begun = performance.now()
  await kit.room.close()
  expect(performance.now() - begun).toBeLessThan(5_000)
})
