/**
 * Run as a program, as systemd would act: listens at a path, starts a server with that socket as its third descriptor, and
 * is gone. The server answers with what a child of its own sees of the socket, and says its process id.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createServer as createSocketServer } from 'node:net'
import { listen } from '../endpoint.ts'

const [role, path = ''] = process.argv.slice(2)
if (role === 'giver') {
  const giver = createSocketServer()
  giver.listen(path)
  await once(giver, 'listening')
  // Node tells a listening socket's descriptor in no other way.
  const { fd } = Reflect.get(giver, '_handle') as { fd: number }
  const args = [...process.execArgv, import.meta.filename, 'server']
  const server = spawn(process.execPath, args, {
    env: { ...process.env, LISTEN_FDS: '1' },
    stdio: ['ignore', 'inherit', 'inherit', fd],
  })
  await once(server, 'spawn')
  // Without a goodbye, which would remove the socket's file.
  process.kill(process.pid, 'SIGKILL')
}
const seen = ['-c', 'echo "LISTEN_FDS=$LISTEN_FDS"; ls -l /proc/self/fd']
const server = createServer((_, response) => response.end(spawnSync('sh', seen).stdout))
await listen(server, '/nowhere/at/all')
process.stdout.write(`${process.pid}\n`)
