import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openRoom, type RoomKit, type TestClient } from './testing/room-kit.ts'
import { picture, plainTerminal, restore, writeTo } from './testing/screen-picture.ts'

const SIZE = { cols: 80, rows: 24 }

/** What a viewer sees that was there from the first byte on. */
async function seenBy(client: TestClient, size = SIZE): Promise<Record<string, unknown>> {
  const terminal = plainTerminal(size)
  await writeTo(terminal, Buffer.concat(client.output))
  return picture(terminal)
}

/** What a viewer sees that comes now. */
async function seenLater(
  kit: RoomKit,
  terminal: Awaited<ReturnType<RoomKit['run']>>,
): Promise<Record<string, unknown>> {
  const later = kit.client()
  await later.attach(terminal.id, 'screen')
  await later.until(() => later.screens.length > 0)
  const restored = await restore(later.screens[0]?.bytes ?? new Uint8Array())
  await writeTo(restored, Buffer.concat(later.output))
  return picture(restored)
}

test('after more output than the ring holds, a new viewer sees what one sees that saw everything', async () => {
  await using kit = await openRoom()
  const client = kit.client()
  const terminal = await kit.run(
    `awk 'BEGIN { for (i = 0; i < 40000; i++) printf "\\033[3%dm%d\\033[0m 漢字 %s\\n", i % 8, i, "some words that fill the line" }'; printf '\\033[?2004h$ '; echo END; read line`,
  )
  await client.attach(terminal.id)
  await client.until(() => client.text.endsWith('END\r\n'))
  expect(client.offset).toBeGreaterThan(1_500_000)
  expect(await seenLater(kit, terminal)).toEqual(await seenBy(client))
})

test('a viewer may come at any moment of a flood', async () => {
  await using kit = await openRoom()
  const client = kit.client()
  const terminal = await kit.run(
    `awk 'BEGIN { for (i = 0; i < 60000; i++) printf "\\033[1;3%dm%d\\033[0m é漢👩 words\\n", i % 8, i }'; echo END; read line`,
  )
  await client.attach(terminal.id)
  const later = kit.client()
  for (let round = 0; round < 10; round += 1) {
    const { frames } = client
    await client.until(() => client.frames > frames + 5 || client.text.endsWith('END\r\n'))
    later.reconnect()
    await later.attach(terminal.id, 'screen')
    await later.until(() => later.screens.length > round)
  }
  await client.until(() => client.text.endsWith('END\r\n'))
  await later.until(() => later.offset === client.offset)
  const restored = await restore(later.screens.at(-1)?.bytes ?? new Uint8Array())
  await writeTo(restored, Buffer.concat(later.output))
  expect(picture(restored)).toEqual(await seenBy(client))
})

describe('programs with a screen of their own look the same to who comes later', () => {
  const programs = {
    vim: ['/usr/bin/vim', 'exec vim -u NONE -N -c "set number" -c "syntax on" text', 'line 20', 'ihello\x1b:set nu?\r'],
    less: ['/usr/bin/less', 'export LESS=; exec less -N text', 'line 20', '/line 15\r'],
    htop: ['/usr/bin/htop', 'exec htop -d 1000', 'F10', 'h'],
  } as const

  const installed = Object.entries(programs).filter(([, [file]]) => existsSync(file))
  test.each(installed)('%s', async (_, [, script, sign, keys]) => {
    await using kit = await openRoom()
    await writeFile(
      join(kit.workspace.path, 'text'),
      Array.from({ length: 200 }, (__, n) => `line ${n} of it\n`).join(''),
    )
    const client = kit.client()
    const terminal = await kit.run(script)
    await client.attach(terminal.id)
    await client.untilText(sign)
    const before = client.offset
    client.type(0, keys)
    await client.until(() => client.offset > before + 10)
    const first = await seenLater(kit, terminal)
    // Whatever the program still wrote meanwhile is in both.
    expect([first['type'], first]).toEqual(['alternate', await seenBy(client)])
  })
})

test('whoever typed last sets the size, and a flood of sizes is gathered', async () => {
  await using kit = await openRoom()
  const [desk, phone] = [kit.client(), kit.client()]
  const watcher = kit.client()
  await watcher.list()
  const terminal = await kit.run(
    `trap 'stty size; stty size >> sizes' WINCH; echo READY; while :; do read line; echo "$line"; done`,
  )
  await desk.attach(terminal.id)
  await phone.attach(terminal.id)
  await desk.untilText('READY')
  const ask = (client: TestClient, cols: number, rows: number): Promise<unknown> =>
    client.resize(terminal.id, cols, rows)
  expect(await ask(desk, 200, 60)).toEqual({ cols: 200, rows: 60 })
  await desk.untilText('60 200')
  desk.type(0, 'a')
  expect(await ask(phone, 44, 30)).toEqual({ cols: 200, rows: 60 })
  phone.type(0, 'b')
  await desk.untilText('30 44')
  await watcher.until(() => watcher.entry(terminal.id)?.cols === 44)
  await phone.detach()
  await watcher.until(() => watcher.entry(terminal.id)?.cols === 200)
  const before = watcher.told('terminals.changed').length
  for (let n = 0; n < 1_000; n += 1) await ask(desk, 100 + (n % 50), 40)
  await ask(desk, 132, 43)
  await watcher.until(() => watcher.entry(terminal.id)?.cols === 132)
  await desk.untilText('43 132')
  expect(watcher.told('terminals.changed').length - before).toBeLessThan(20)
  expect(await seenLater(kit, terminal)).toMatchObject({ type: 'normal' })
})

test('a screen whose program goes on is shown in several frames when it is large', async () => {
  await using kit = await openRoom()
  const client = kit.client()
  const terminal = await kit.run(
    `awk 'BEGIN { for (i = 0; i < 300; i++) { for (c = 0; c < 300; c++) printf "\\033[38;2;%d;%d;%dmx", i % 256, c % 256, (i * c) % 256; printf "\\n" } }'; echo END; read line`,
    { cols: 300, rows: 300 },
  )
  await client.attach(terminal.id)
  await client.until(() => client.text.endsWith('END\r\n'))
  const later = kit.client()
  const frames = later.frames
  await later.attach(terminal.id, 'screen')
  await later.until(() => later.screens.length > 0)
  expect(later.frames - frames).toBeGreaterThan(1)
  const restored = await restore(later.screens[0]?.bytes ?? new Uint8Array())
  expect(picture(restored)).toEqual(await seenBy(client, { cols: 300, rows: 300 }))
})

test('a paste that the program does not read yet is bounded, and arrives whole when it does', async () => {
  await using kit = await openRoom()
  const client = kit.client()
  const paste = Buffer.from(Array.from({ length: 400_000 }, (_, n) => `${n}`).join(' '))
  const terminal = await kit.run(
    `stty raw -echo; echo READY; while [ ! -e go ]; do sleep 0.02; done; head -c ${paste.byteLength} | sha256sum`,
  )
  await client.attach(terminal.id)
  await client.untilText('READY')
  const typeFrom = (offset: number): void => client.type(offset, paste.subarray(offset, offset + 65_536))
  for (let offset = 0; client.told('terminals.detached').length === 0; offset += 65_536) typeFrom(offset)
  await writeFile(join(kit.workspace.path, 'go'), '')
  client.inputAcked = (await client.attach(terminal.id, 'here')).input
  expect(client.inputAcked).toBeLessThan(200_000)
  // Sends again from what was written, a window ahead of what is acknowledged, as a browser does.
  for (let offset = client.inputAcked; offset < paste.byteLength; offset += 65_536) {
    typeFrom(offset)
    await client.until(() => client.inputAcked > offset - 200_000)
  }
  await client.untilText(createHash('sha256').update(paste).digest('hex'))
  expect(client.told('terminals.detached')).toHaveLength(1)
})
