/** The program `octoctl`: asks the server that runs on a home how it is. */
import { OctoError, Status } from '@octo/protocol'
import { Command } from 'commander'
import { askControl, controlSocket } from '../control.ts'
import { homeAt, homePath } from '../lib/home.ts'
import { version } from '../lib/version.ts'
import { findSocketFolder } from '../runners/index.ts'
import { runProgram } from './fail.ts'
import { printStatus } from './status.ts'

const program = new Command('octoctl').description('Looks after a running octo.').version(version)

program
  .command('status')
  .description('Shows versions, processes, runners, counts and memory')
  .option('--home <folder>', 'where everything is kept; else $OCTO_HOME, else ~/.octo')
  .option('--json', 'as JSON')
  .action(async (options: { readonly home?: string; readonly json?: true }) => {
    const home = homeAt(homePath(options.home))
    const sockets = findSocketFolder(home.run)
    const answer = sockets === null ? null : await askControl(controlSocket(sockets), 'admin.status')
    if (answer === null) throw new OctoError('not_found', `No octo runs on ${home.root}: start it with octo serve.`)
    const status = Status.parse(answer)
    process.stdout.write(options.json ? `${JSON.stringify(status)}\n` : printStatus(status))
  })

await runProgram(() => program.parseAsync())
