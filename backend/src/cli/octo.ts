/** The program `octo`. It parses its arguments at once, and loads the rest when it is needed. */
import { OctoError } from '@octo/protocol'
import { Command, InvalidArgumentError, Option } from 'commander'
import { version } from '../lib/version.ts'

const program = new Command('octo')
  .description('Work with AI coding agents in the browser, on your own machine.')
  .version(version)

const homeOption = ['--home <folder>', 'where everything is kept (OCTO_HOME, or ~/.octo)'] as const

program
  .command('serve')
  .description('Starts the server and prints its address')
  .option('--port <number>', 'where to listen; a free port if 0', parsePort)
  .option('--host <name>', 'the address to listen on')
  .option(...homeOption)
  .option('--json', 'say when it is ready, as one line of JSON')
  .action(async (options) => (await import('./serve.ts')).serve(options))

program
  .command('config')
  .command('show')
  .description('Prints the configuration in force, and where each value comes from')
  .option(...homeOption)
  .action(async (options) => (await import('./config-show.ts')).showConfig(options))

program
  .command('user')
  .command('create <name>')
  .description('Makes an account; asks for its password, or reads it from standard input')
  .addOption(new Option('--role <role>', 'what it may do').choices(['member', 'admin']).default('member'))
  .option(...homeOption)
  .action(async (name, options) => (await import('./user-create.ts')).createUser(name, options))

const token = program.command('token').description('Personal access tokens, for scripts')
token
  .command('create')
  .description('Makes a token and prints it once')
  .requiredOption('--user <name>', 'whose token it is')
  .requiredOption('--name <text>', 'what it is for')
  .option(...homeOption)
  .action(async (options) => (await import('./token.ts')).createToken(options))
token
  .command('list')
  .option(...homeOption)
  .action(async (options) => (await import('./token.ts')).listTokens(options))
token
  .command('revoke <id>')
  .option(...homeOption)
  .action(async (id, options) => (await import('./token.ts')).revokeToken(id, options))

program
  .command('demo-model')
  .description('Serves the scripted demo model on loopback, for clients of the OpenAI chat API')
  .option('--port <number>', 'where to listen; a free port if 0', parsePort)
  .action(async (options: { readonly port?: number }) => {
    const { runRunner } = await import('../runners/child-launcher.ts')
    const port = options.port === undefined ? [] : ['--port', String(options.port)]
    process.exitCode = await runRunner(['demo-model', ...port])
  })

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof OctoError)) throw error
  process.stderr.write(`octo: ${error.message}\n`)
  process.exitCode = 1
}

function parsePort(text: string): number {
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new InvalidArgumentError('A port is a number from 0 to 65535.')
}
