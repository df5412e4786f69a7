import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { TERMINAL_WINDOW_BYTES } from '@octo/protocol'
import { describe, expect, test } from 'vitest'
import { callerOf, openRoom, type RoomKit } from './testing/room-kit.ts'

const SIZE = { cols: 80, rows: 24 }

function create(kit: RoomKit, more: { folder?: string; name?: string } = {}): ReturnType<RoomKit['run']> {
  const caller = callerOf(null)
  return kit.room.methods['terminals.create']({ workspace: kit.workspace.id, ...SIZE, ...more }, caller)
}

describe('starting', () => {
  test('a terminal runs in its workspace, with a clean environment', async () => {
    process.env['OCTO_TEST_SECRET'] = 'do not pass this on'
    process.env['PROVIDER_API_KEY'] = 'nor this'
    await using kit = await openRoom()
    const client = kit.client()
    const terminal = await kit.run('pwd; env | sort; tput cols; echo DONE; read line')
    await client.attach(terminal.id)
    await client.untilText('DONE')
    const lines = client.text.split('\r\n')
    expect(lines[0]).toBe(kit.workspace.path)
    expect(lines).toEqual(
      expect.arrayContaining(['TERM=xterm-256color', 'COLORTERM=truecolor', `OCTO_TERMINAL=${terminal.id}`]),
    )
    expect(lines.filter((line) => /^(LC_ALL|LC_CTYPE|LANG)=.*utf-?8/iu.test(line))).not.toEqual([])
    expect(lines.filter((line) => /SECRET|API_KEY|^NODE_/u.test(line))).toEqual([])
    expect(terminal).toEqual({
      id: terminal.id,
      workspace: kit.workspace.id,
      name: 'Terminal 1',
      ...SIZE,
      state: 'running',
      createdAt: expect.any(Number),
    })
  })

  test('a terminal starts in a folder of the workspace, and never outside it', async () => {
    await using kit = await openRoom()
    const { path } = kit.workspace
    await mkdir(join(path, 'inner'))
    await writeFile(join(path, 'inner', 'script.sh'), 'pwd; read line')
    await writeFile(join(path, 'file'), '')
    await symlink('/', join(path, 'away'))
    const client = kit.client()
    const terminal = await create(kit, { folder: 'inner' })
    await client.attach(terminal.id)
    await client.untilText(`${path}/inner`)
    const refused = async (folder: string): Promise<unknown> =>
      create(kit, { folder }).then(
        () => 'started',
        (error: { code: string }) => error.code,
      )
    expect(
      await Promise.all(['..', '../workspace/..', 'away', 'away/etc', 'none', 'file', 'in\0ner'].map(refused)),
    ).toEqual([
      'path_outside',
      'path_outside',
      'path_outside',
      'path_outside',
      'not_found',
      'not_a_folder',
      'bad_request',
    ])
  })

  test('a shell that is not there is refused with what to do', async () => {
    await using kit = await openRoom({ shell: '/no/such/shell' })
    await expect(create(kit)).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('terminals.shell'),
    })
  })

  test('there are no more terminals than the configuration allows, not even when they are asked for together', async () => {
    await using kit = await openRoom({ max: 2 })
    await writeFile(join(kit.workspace.path, 'script.sh'), 'read line')
    const results = await Promise.allSettled([create(kit), create(kit), create(kit)])
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'fulfilled', 'rejected'])
    await expect(create(kit)).rejects.toMatchObject({ code: 'busy' })
  })
})

describe('the list', () => {
  test('tells names, titles, sizes and ends to everyone who watches', async () => {
    await using kit = await openRoom()
    const watcher = kit.client()
    const { seq, items, reset } = await watcher.list()
    expect({ seq, items, reset }).toEqual({ seq: 0, items: [], reset: true })
    const first = await kit.run(`printf '\\033]0;building…\\007'; read line; exit 7`)
    const second = await kit.run('read line')
    expect([first.name, second.name]).toEqual(['Terminal 1', 'Terminal 2'])
    await watcher.until(() => watcher.entry(first.id)?.title === 'building…')
    const client = kit.client()
    await client.attach(first.id)
    client.type(0, '\n')
    await watcher.until(() => watcher.entry(first.id)?.state === 'ended')
    expect(watcher.entry(first.id)).toEqual({ ...first, title: 'building…', state: 'ended', exitCode: 7 })
    const caller = callerOf(null)
    await kit.room.methods['terminals.rename']({ terminal: second.id, name: 'server' }, caller)
    await kit.room.methods['terminals.close']({ terminal: first.id }, caller)
    await watcher.until(() =>
      watcher.told('terminals.changed').some((change) => change.items.some((item) => 'removed' in item)),
    )
    expect(watcher.entry(second.id)?.name).toBe('server')
    expect(client.told('terminals.detached')).toEqual([
      { stream: client.stream, terminal: first.id, reason: 'removed' },
    ])
    expect((await kit.run('read line')).name).toBe('Terminal 1')
    const changes = watcher.told('terminals.changed')
    expect(changes.map((change) => change.from)).toEqual(changes.map((_, index) => index))
    await expect(client.attach(first.id)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('a program that was killed says by which signal', async () => {
    await using kit = await openRoom()
    const watcher = kit.client()
    await watcher.list()
    const terminal = await kit.run('kill -KILL $$')
    await watcher.until(() => watcher.entry(terminal.id)?.state === 'ended')
    expect(watcher.entry(terminal.id)).toEqual({ ...terminal, state: 'ended', signal: 'SIGKILL' })
  })

  test('an ended terminal keeps its screen until it is closed', async () => {
    await using kit = await openRoom()
    const watcher = kit.client()
    await watcher.list()
    const terminal = await kit.run('echo last words')
    await watcher.until(() => watcher.entry(terminal.id)?.state === 'ended')
    await watcher.attach(terminal.id, 'screen')
    await watcher.until(() => watcher.screens.length > 0)
    expect(Buffer.from(watcher.screens[0]?.bytes ?? []).toString()).toContain('last words')
    watcher.type(0, 'nobody reads this')
    expect(watcher.inputAcked).toBe(17)
  })

  test('a title that changes all the time is told a few times a second', async () => {
    await using kit = await openRoom()
    const watcher = kit.client()
    await watcher.list()
    const terminal = await kit.run(
      `i=0; while [ $i -lt 5000 ]; do printf '\\033]0;%d\\007' $i; i=$((i+1)); done; echo END; read line`,
    )
    await watcher.until(() => watcher.entry(terminal.id)?.title === '4999')
    expect(watcher.told('terminals.changed').length).toBeLessThan(30)
  })
})

describe('streams', () => {
  test('one number is one stream, and a stream needs a socket', async () => {
    await using kit = await openRoom()
    const client = kit.client()
    const terminal = await kit.run('read line')
    await client.attach(terminal.id)
    const input = { terminal: terminal.id, stream: 1, client: client.id }
    const caller = callerOf(null)
    await expect(kit.room.methods['terminals.attach'](input, caller)).rejects.toMatchObject({ code: 'unsupported' })
    client.stream = 0
    await expect(client.attach(terminal.id)).rejects.toMatchObject({ code: 'stream_in_use' })
    await client.detach(1)
    await client.detach(1)
    client.stream = 0
    expect(await client.attach(terminal.id)).toMatchObject({ offset: 0, screen: false, input: 0 })
  })

  test('a hundred cuts lose no line and repeat none', async () => {
    await using kit = await openRoom()
    const client = kit.client()
    // Every line has characters of two, three and four bytes, so that cuts fall into them too.
    const terminal = await kit.run(
      `awk 'BEGIN { for (i = 0; i < 20000; i++) { printf "%d é 漢 👩\\n", i; if (i % 100 == 0) system("") } }'; echo END; read line`,
    )
    let cuts = 0
    await client.attach(terminal.id)
    while (cuts < 100) {
      const { frames } = client
      await client.until(() => client.frames > frames || client.text.endsWith('END\r\n'))
      client.reconnect()
      cuts += 1
      await client.attach(terminal.id, 'here')
    }
    await client.untilText('END')
    expect(client.screens).toEqual([])
    expect(client.text).toBe(`${Array.from({ length: 20_000 }, (_, n) => `${n} é 漢 👩\r\n`).join('')}END\r\n`)
  })

  test('a viewer that acknowledges nothing gets one window, and holds the program', async () => {
    await using kit = await openRoom()
    const sleeper = kit.client()
    sleeper.acknowledges = false
    const flood = await kit.run(`yes 0123456789abcdef | head -c 3000000; echo END; read line`)
    await sleeper.attach(flood.id)
    await sleeper.until(() => sleeper.offset >= TERMINAL_WINDOW_BYTES)
    // Another terminal that prints as much to the end shows that there was time to run on.
    const awake = kit.client()
    const other = await kit.run(`yes 0123456789abcdef | head -c 3000000; echo END; read line`)
    await awake.attach(other.id)
    await awake.until(() => awake.text.endsWith('END\r\n'))
    expect(sleeper.offset).toBe(TERMINAL_WINDOW_BYTES)
    sleeper.acknowledges = true
    sleeper.acknowledge()
    await sleeper.until(() => sleeper.text.endsWith('END\r\n'))
    // No screen was needed: nothing was printed that the ring could not hold.
    expect(sleeper.screens).toEqual([])
    expect(sleeper.text).toBe(awake.text)
  })

  test('a viewer that sleeps is detached after five seconds, and the program goes on', async () => {
    await using kit = await openRoom()
    const sleeper = kit.client()
    sleeper.acknowledges = false
    await sleeper.list()
    const terminal = await kit.run(`yes 0123456789abcdef | head -c 3000000; exit 3`)
    await sleeper.attach(terminal.id)
    await sleeper.until(() => sleeper.entry(terminal.id)?.state === 'ended')
    expect(sleeper.told('terminals.detached')).toEqual([{ stream: 1, terminal: terminal.id, reason: 'stalled' }])
    expect(sleeper.offset).toBe(TERMINAL_WINDOW_BYTES)
    expect(sleeper.entry(terminal.id)?.exitCode).toBe(3)
    // What it missed is more than the ring holds, so it gets the screen, and nothing twice.
    sleeper.acknowledges = true
    const attached = await sleeper.attach(terminal.id, 'here')
    expect([attached.screen, attached.offset > 3_000_000]).toEqual([true, true])
    await sleeper.until(() => sleeper.screens.length === 1)
  })

  test('a slow viewer does not slow a fast one', async () => {
    await using kit = await openRoom()
    const [fast, slow] = [kit.client(), kit.client()]
    slow.acknowledges = false
    const terminal = await kit.run(`read line; yes 0123456789abcdef | head -c 2000000; echo END; read line`)
    await fast.attach(terminal.id)
    await slow.attach(terminal.id)
    fast.type(0, '\n')
    await fast.until(() => fast.text.endsWith('END\r\n'))
    expect(slow.offset).toBe(TERMINAL_WINDOW_BYTES)
    // It fell out of the ring, so it goes on with a screen, on the same stream.
    slow.acknowledges = true
    slow.acknowledge()
    await slow.until(() => slow.screens.length === 1)
    expect(slow.offset).toBe(fast.offset)
    expect(slow.told('terminals.detached')).toEqual([])
  })

  test('a socket that is full gets nothing more until it is drained', async () => {
    await using kit = await openRoom()
    const client = kit.client()
    const terminal = await kit.run(`read line; yes 0123456789abcdef | head -c 500000; echo END; read line`)
    await client.attach(terminal.id)
    client.bufferedBytes = 10_000_000
    client.type(0, '\n')
    const other = kit.client()
    await other.attach(terminal.id)
    await other.until(() => other.text.endsWith('END\r\n'))
    expect(client.text).toBe('')
    client.drain()
    await client.until(() => client.text.endsWith('END\r\n'))
    expect(client.text).toBe(other.text)
  })

  test('the last words of a program that ends while its viewer lags are not lost', async () => {
    await using kit = await openRoom()
    const client = kit.client()
    client.acknowledges = false
    await client.list()
    const terminal = await kit.run(`yes 0123456789abcdef | head -c 269000; printf LAST; exit 0`)
    await client.attach(terminal.id)
    await client.until(() => client.offset >= TERMINAL_WINDOW_BYTES)
    // The program is over by now or soon; its end is told only after its last byte was read.
    await client.until(() => client.entry(terminal.id)?.state === 'ended')
    client.acknowledges = true
    await client.attach(terminal.id, 'here')
    await client.untilText('LAST')
    expect(client.text.endsWith('f\r\nLAST') || client.text.endsWith('LAST')).toBe(true)
    expect(client.screens).toEqual([])
  })

  test('what a program asks its terminal is answered once, with two viewers and with none', async () => {
    await using kit = await openRoom()
    const script = `stty raw -echo; printf '\\033[6n'; dd bs=1 count=6 2>/dev/null | od -An -c; printf '\\033[c'; dd bs=1 count=7 2>/dev/null | od -An -c; stty sane; echo END; cat`
    const alone = await kit.run(script)
    const [first, second] = [kit.client(), kit.client()]
    await first.attach(alone.id)
    await second.attach(alone.id)
    await first.untilText('END')
    expect(first.text.replaceAll(/[^0-9A-Za-z;?[]+/gu, ' ')).toBe(' [6n 033 [ 1 ; 1 R [c 033 [ ? 1 ; 2 c END ')
  })

  test('ctrl-c quiets a flood at once', async () => {
    await using kit = await openRoom()
    const client = kit.client()
    const terminal = await kit.run(`trap 'echo STOPPED; read line' INT; yes 0123456789abcdef; read line`)
    await client.attach(terminal.id)
    await client.until(() => client.offset > 2_000_000)
    const [from, at] = [client.offset, performance.now()]
    client.type(0, '\x03')
    await client.untilText('STOPPED')
    expect(client.offset - from).toBeLessThan(524_288)
    expect(performance.now() - at).toBeLessThan(500)
  })
})

test('erasing in a line that is typed takes a whole character', async () => {
  await using kit = await openRoom()
  const client = kit.client()
  const terminal = await kit.run('read line; printf %s "$line" | od -An -tx1; echo END; read line')
  await client.attach(terminal.id)
  client.type(0, 'aé\x7fb\n')
  await client.untilText('END')
  expect(client.text).toContain('61 62')
})
