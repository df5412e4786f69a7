import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { median, type Row, row, timed } from '../measure.ts'
import { openWorkbench, type Workbench } from '../workbench.ts'

const ENTRIES = 10_000
const ROUNDS = 9

/** A folder of 10,000 entries, all pages of it. */
export async function files(): Promise<Row[]> {
  const workbench = await openWorkbench()
  const folder = join(workbench.workspace.path, 'many')
  await mkdir(folder)
  for (let at = 0; at < ENTRIES; at += 1) await writeFile(join(folder, `file-${at}.txt`), '')
  const floor: number[] = []
  const ours: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    floor.push(await timed(() => readdir(folder, { withFileTypes: true })))
    ours.push(await timed(() => listAll(workbench)))
  }
  await workbench.close()
  return [row('folder of 10,000 entries listed', 'ms', { value: median(ours), floor: median(floor) }, { atMost: 60 })]
}

async function listAll({ client, workspace }: Workbench): Promise<void> {
  let after: string | undefined
  let count = 0
  do {
    const page = await client.call('files.list', {
      workspace: workspace.id,
      path: 'many',
      ...(after === undefined ? {} : { after }),
    })
    count += page.entries.length
    after = page.next
  } while (after !== undefined)
  if (count !== ENTRIES) throw new Error(`listed ${count} of ${ENTRIES} entries`)
}
