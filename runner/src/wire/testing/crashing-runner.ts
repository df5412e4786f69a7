/**
 * Run as a program that a test kills: it serves two commands and says on stdout when the effect of one has happened, which
 * it then never answers.
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { Workspace } from '@octo/protocol'
import type { AnyRoom, CommandCaller } from '../index.ts'
import { openTestWire } from './open-test-wire.ts'

async function never(what: string): Promise<never> {
  process.stdout.write(what)
  await wait(2 ** 30)
  throw new Error('This program is killed long before.')
}

const [folder = ''] = process.argv.slice(2)
const room: AnyRoom = {
  atomic: ['workspaces.rename'],
  methods: {
    'terminals.close': () => never('effect'),
    'workspaces.rename': async (
      input: { workspace: Workspace['id']; name: string },
      caller: CommandCaller<unknown>,
    ) => {
      const { workspace: id, name } = input
      const renamed: Workspace = { id, name, path: '/', present: true, git: false, createdAt: 1, updatedAt: 1 }
      await wire.store.saveWorkspace(renamed, caller.record(renamed))
      return never('stored')
    },
  },
  close: async () => {},
}
const wire = await openTestWire(folder, [room])
process.stdout.write('ready')
