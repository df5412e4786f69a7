import { fileURLToPath } from 'node:url'
import type { Session } from '@octo/protocol'
import { Client } from '../../support/client.ts'
import { launchBrowser, openPage } from '../../support/browser.ts'
import { median, percentile, type Row, row, timed } from '../measure.ts'
import { memoryOf, runnerPid } from '../processes.ts'
import { openWorkbench, type Workbench } from '../workbench.ts'

const MEGABYTE = 1_048_576
const AGENT = fileURLToPath(new URL('../agents/stamping-agent.ts', import.meta.url))
const CONFIG = `[agents.stamps]\nkind = "pi"\ncommand = ${JSON.stringify(process.execPath)}\nargs = [${JSON.stringify(AGENT)}]\n`

const TAILS = 400
const CHANGES = 200
const EVERY_MS = 20
const BURST = 20_000
const ITEMS = 5_000
const SESSIONS = 20
/** Items a client asks for at first; the interface asks for as many. */
const WINDOW = 200

/** From a line the agent writes to the client that is told of it, and what long sessions cost. */
export async function agent(): Promise<Row[]> {
  const workbench = await openWorkbench({ config: CONFIG })
  try {
    await workbench.client.call('models.save', { provider: 'demo', kind: 'demo' })
    const syncMs = await oneSync(workbench)
    return [
      ...(await latency(workbench, syncMs)),
      ...(await burst(workbench)),
      ...(await longSession(workbench)),
      ...(await memory(workbench)),
    ]
  } finally {
    await workbench.close()
  }
}

async function open({ client, workspace }: Workbench): Promise<Session> {
  const model = { provider: 'demo', id: 'demo-scripted' }
  const session = await client.call('sessions.create', { workspace: workspace.id, agent: 'stamps', model })
  await client.call('sessions.open', { session: session.id, window: WINDOW })
  return session
}

/** Sends a prompt and waits for the end of its turn. */
async function prompt({ client }: Workbench, session: Session, text: string): Promise<void> {
  const from = client.told.length
  await client.call('sessions.prompt', { session: session.id, prompt: { text } })
  await client.until(() =>
    client.told
      .slice(from)
      .some(
        (told) =>
          told.method === 'sessions.changed' &&
          told.params.session === session.id &&
          told.params.items.some((item) => item.kind === 'turn' && item.outcome !== undefined),
      ),
  )
}

/** What the store's promise costs: one synced commit, as a command that only the store decides. */
async function oneSync({ client, workspace }: Workbench): Promise<number> {
  const samples: number[] = []
  for (let at = 0; at < 50; at += 1) {
    samples.push(await timed(() => client.call('workspaces.rename', { workspace: workspace.id, name: `name ${at}` })))
  }
  return percentile(samples, 0.99)
}

async function latency(workbench: Workbench, syncMs: number): Promise<Row[]> {
  const session = await open(workbench)
  const streamed: number[] = []
  const stored: number[] = []
  workbench.client.onNotice = (told) => {
    const now = process.hrtime.bigint()
    if (told.method === 'sessions.tail') {
      for (const piece of told.params.text.trim().split(' ')) streamed.push(since(piece, now))
    }
    if (told.method !== 'sessions.changed') return
    for (const item of told.params.items) {
      if (item.kind === 'tool' && item.status === 'running') stored.push(since(item.call, now))
    }
  }
  await prompt(workbench, session, `tails ${TAILS} ${EVERY_MS}`)
  await prompt(workbench, session, `tools ${CHANGES} ${EVERY_MS}`)
  workbench.client.onNotice = () => {}
  return [
    row('agent line to client, streamed text, median', 'ms', { value: median(streamed) }, { atMost: 1 }),
    row('agent line to client, streamed text, p99', 'ms', { value: percentile(streamed, 0.99) }, { atMost: 4 }),
    row(
      'agent line to client, stored change, p99',
      'ms',
      { value: percentile(stored, 0.99), floor: syncMs },
      { aboveFloor: 4 },
    ),
  ]
}

function since(stamp: string, now: bigint): number {
  return Number(now - BigInt(stamp)) / 1e6
}

async function burst(workbench: Workbench): Promise<Row[]> {
  const session = await open(workbench)
  const ms = await timed(() => prompt(workbench, session, `tails ${BURST} 0`))
  return [row('burst of 20,000 pieces of text', '1/s', { value: BURST / (ms / 1_000) }, { atLeast: 60_000 })]
}

async function longSession(workbench: Workbench): Promise<Row[]> {
  const session = await open(workbench)
  await prompt(workbench, session, `tools ${ITEMS} 0`)
  const opened: number[] = []
  for (let round = 0; round < 9; round += 1) {
    const client = await Client.connect(workbench.account)
    opened.push(await timed(() => client.call('sessions.open', { session: session.id, window: WINDOW })))
    await client.close()
  }
  return [
    row('session of 5,000 items opened by a client', 'ms', { value: median(opened) }, { atMost: 100 }),
    ...(await shownInBrowser(workbench, session)),
  ]
}

async function shownInBrowser({ account }: Workbench, session: Session): Promise<Row[]> {
  const browser = await launchBrowser()
  const { page, context } = await openPage(browser)
  const cookies = account.cookie.split('; ').map((pair) => {
    const [name = '', value = ''] = pair.split('=', 2)
    return { name, value, url: account.url }
  })
  await context.addCookies(cookies)
  const address = new URL(`/session/${session.id}`, account.url).href
  const shown: number[] = []
  const blank: number[] = []
  for (let round = 0; round < 5; round += 1) {
    blank.push(await timed(() => page.goto(new URL('/icon.svg', account.url).href)))
    shown.push(
      await timed(async () => {
        await page.goto(address, { waitUntil: 'commit' })
        await page
          .getByText(`echo step ${ITEMS - 1}`)
          .first()
          .waitFor()
      }),
    )
  }
  await browser.close()
  return [
    row(
      'session of 5,000 items shown, page load included',
      'ms',
      { value: median(shown), floor: median(blank) },
      { atMost: 1_000 },
    ),
  ]
}

async function memory(workbench: Workbench): Promise<Row[]> {
  const runner = await runnerPid(workbench)
  const before = memoryOf(runner)
  for (let at = 0; at < SESSIONS; at += 1) await prompt(workbench, await open(workbench), 'tails 20 0')
  const each = (memoryOf(runner) - before) / SESSIONS
  return [row('memory of the runner per session', 'MiB', { value: each / MEGABYTE }, { atMost: 2 })]
}
