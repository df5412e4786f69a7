/** The program `octoctl`: looks after a server that runs. */
import { request } from 'node:http'
import { OctoError, type Status } from '@octo/protocol'
import { Command } from 'commander'
import { homeAt, homePath } from '../lib/home.ts'
import { version } from '../lib/version.ts'

const program = new Command('octoctl').description('Looks after an octo that runs on this machine.').version(version)

program
  .command('status')
  .description('Versions, processes, runners, counts and memory')
  .option('--home <folder>', 'where it keeps everything (OCTO_HOME, or ~/.octo)')
  .option('--json', 'as JSON')
  .action(async (options: { readonly home?: string; readonly json?: true }) => {
    const status = await askStatus(homeAt(homePath(options.home)).control)
    process.stdout.write(options.json ? `${JSON.stringify(status)}\n` : describe(status))
  })

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof OctoError)) throw error
  process.stderr.write(`octoctl: ${error.message}\n`)
  process.exitCode = 1
}

function askStatus(socketPath: string): Promise<Status> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, method: 'POST', path: '/api/call/admin.status' }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (piece: string) => (body += piece))
      response.on('end', () => resolve((JSON.parse(body) as { readonly result: Status }).result))
    })
    asked.on('error', (error) => {
      reject(
        new OctoError('not_found', `No octo answers at ${socketPath}. Is it running, and is this its --home?`, {
          cause: error,
        }),
      )
    })
    asked.end()
  })
}

function describe({ backend, runners }: Status): string {
  const memory = (bytes: number): string => `${Math.round(bytes / 1_048_576)} MiB`
  const lines = [
    `octo ${backend.version}  ${backend.url}  pid ${backend.pid}  ${memory(backend.memoryBytes)}`,
    `${backend.users} users, ${backend.sockets} open tabs`,
  ]
  for (const { name, state, process: runner, counts } of runners) {
    const facts = runner === undefined ? '' : `  pid ${runner.pid}  ${memory(runner.memoryBytes)}`
    const held =
      counts === undefined
        ? ''
        : `  ${counts.sessions} sessions (${counts.working} working), ${counts.terminals} terminals`
    lines.push(`runner of ${name}: ${state}${facts}${held}`)
  }
  return `${lines.join('\n')}\n`
}
