/** The program `octo`. It parses its arguments at once, and loads the rest when it knows what is wanted. */
import { Command, InvalidArgumentError, Option } from 'commander'
import { version } from '../lib/version.ts'
import { runProgram } from './fail.ts'

const program = new Command('octo')
  .description('A self-hosted web IDE where a team works with AI coding agents.')
  .version(version)

function homeOption(): Option {
  return new Option('--home <folder>', 'where everything is kept; else $OCTO_HOME, else ~/.octo')
}

program
  .command('serve')
  .description('Serves the interface until it is told to end')
  .option('--port <number>', 'where to listen; a free port if 0', parsePort)
  .option('--host <name>', 'the address to listen on')
  .addOption(homeOption())
  .option('--json', 'say when it is ready, as one line of JSON')
  .action(async (options) => {
    const { serve } = await import('./serve.ts')
    await serve(options)
  })

program
  .command('config')
  .description('The configuration')
  .command('show')
  .description('Prints every value in force, and where it comes from')
  .addOption(homeOption())
  .action(async (options) => {
    const { showConfig } = await import('./config-show.ts')
    showConfig(options)
  })

program
  .command('user')
  .description('The users')
  .command('create')
  .description('Makes a user; the password is asked for, or read from the standard input')
  .argument('<name>', 'begins with a letter; a-z, 0-9, "_" and "-"')
  .addOption(
    new Option('--role <role>', 'what the user may do').choices(['viewer', 'member', 'admin']).default('member'),
  )
  .addOption(homeOption())
  .action(async (name: string, options) => {
    const { createUser } = await import('./user.ts')
    await createUser(name, options)
  })

const token = program.command('token').description('Access tokens for scripts')

token
  .command('create')
  .description('Makes a token, and prints it this once')
  .requiredOption('--user <name>', 'whose token it is')
  .option('--label <text>', 'what it is for', '')
  .addOption(homeOption())
  .action(async (options) => {
    const { printNewToken } = await import('./token.ts')
    await printNewToken(options)
  })

token
  .command('list')
  .description('Lists the tokens; what they are is not kept')
  .option('--user <name>', 'only those of one user')
  .option('--json', 'as JSON')
  .addOption(homeOption())
  .action(async (options) => {
    const { printTokens } = await import('./token.ts')
    await printTokens(options)
  })

token
  .command('revoke')
  .description('Revokes a token; what it opened is closed')
  .argument('<id>', 'as "octo token list" shows it')
  .addOption(homeOption())
  .action(async (id: string, options) => {
    const { revoke } = await import('./token.ts')
    await revoke(id, options)
  })

program
  .command('demo-model')
  .description('Serves a scripted model on loopback, for trying octo without a provider')
  .option('--port <number>', 'where to listen; a free port if 0', parsePort)
  .action(async (options) => {
    const { runDemoModel } = await import('../runners/index.ts')
    process.exitCode = await runDemoModel(options)
  })

await runProgram(() => program.parseAsync())

function parsePort(text: string): number {
  const port = Number(text)
  if (/^\d+$/u.test(text) && port <= 65_535) return port
  throw new InvalidArgumentError('A port is a number from 0 to 65535.')
}
