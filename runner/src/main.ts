/** The program `octo-runner`. It parses its arguments at once, and loads the rest when it is going to serve. */
import { OctoError } from '@octo/protocol'
import { Command, InvalidArgumentError, Option } from 'commander'
import { version } from './lib/version.ts'

const program = new Command('octo-runner')
  .description("Owns one user's sessions, terminals and files.")
  .version(version)

program
  .command('serve')
  .description('Serves this user on a Unix socket until it is told to end')
  .requiredOption('--socket <path>', 'where to listen; ignored when a listening socket is inherited')
  .requiredOption('--home <folder>', 'where everything is kept')
  .option('--config <file>', 'agents and terminals, as JSON')
  .option('--name <name>', "this runner's name", 'local')
  .addOption(
    new Option('--log-level <level>', 'how much to say').choices(['debug', 'info', 'warn', 'error']).default('info'),
  )
  .option('--json', 'say when it is ready, as one line of JSON')
  .action(async (options) => {
    const { serve } = await import('./serve.ts')
    await serve(options)
  })

program
  .command('demo-model')
  .description('Serves the scripted demo model on loopback, for clients of the OpenAI chat API')
  .option('--port <number>', 'where to listen; a free port if 0', parsePort, 7_701)
  .action(async (options: { readonly port: number }) => {
    const { serveDemoModel } = await import('./models/index.ts')
    await serveDemoModel(options.port)
  })

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof OctoError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}

function parsePort(text: string): number {
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new InvalidArgumentError('A port is a number from 0 to 65535.')
}
