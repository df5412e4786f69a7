import { once } from 'node:events'
import { OctoError } from '@octo/protocol'
import { startDemoModel } from './server.ts'

/**
 * Runs the demo model in the foreground until SIGINT or SIGTERM, and prints its address.
 * @throws OctoError `exists` if the port is taken
 */
export async function serveDemoModel(port: number): Promise<void> {
  const server = await startDemoModel({ port }).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error
    throw new OctoError('exists', `Port ${port} is taken. Choose another one with --port.`, { cause: error })
  })
  process.stdout.write(`The demo model answers at ${server.url} (model "demo-scripted"). Ctrl-C ends it.\n`)
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  await server.close()
}
