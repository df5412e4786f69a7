import { chmodSync, lstatSync, mkdirSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import { createConnection, type ListenOptions } from 'node:net'
import { dirname } from 'node:path'
import { OctoError } from '@octo/protocol'

/** Where systemd hands over the first listening socket. */
const FIRST_INHERITED_FD = 3

/** Linux keeps 108 bytes for the path of a socket, its ending NUL included. */
const MAX_SOCKET_PATH_BYTES = 107

/**
 * Starts listening: on the socket that whoever started this process handed over (`LISTEN_FDS`), or else at a path.
 * The socket is its user's alone. A dead one in its place is removed, one that answers is not.
 * @throws OctoError `exists` if somebody listens there or the place is taken by something else, `bad_request` if the path is
 *   too long, `permission_denied` if others may write in its folder
 */
export async function listen(server: Server, path: string): Promise<void> {
  if (takeInheritedSocket()) {
    await started(server, { fd: FIRST_INHERITED_FD })
    return
  }
  if (Buffer.byteLength(path) > MAX_SOCKET_PATH_BYTES) {
    throw new OctoError('bad_request', `A socket's path may have ${MAX_SOCKET_PATH_BYTES} bytes; ${path} is longer.`)
  }
  preparePlace(dirname(path))
  await removeDeadSocket(path)
  await started(server, { path })
  chmodSync(path, 0o600)
}

/** The variables are taken away, so that no agent or shell believes they were meant for it. */
function takeInheritedSocket(): boolean {
  const { LISTEN_FDS: count, LISTEN_PID: pid } = process.env
  delete process.env['LISTEN_FDS']
  delete process.env['LISTEN_PID']
  delete process.env['LISTEN_FDNAMES']
  return count === '1' && (pid === undefined || pid === String(process.pid))
}

/** Who can write in the folder can put another socket in this one's place. */
function preparePlace(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const { mode } = lstatSync(folder)
  if ((mode & 0o022) !== 0) {
    throw new OctoError(
      'permission_denied',
      `Others may write in ${folder}. Put the socket in a folder with mode 0700.`,
    )
  }
}

async function removeDeadSocket(path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found === undefined) return
  if (!found.isSocket()) throw new OctoError('exists', `${path} is there already and is no socket.`)
  if (await answers(path)) throw new OctoError('exists', `A runner answers at ${path} already.`)
  rmSync(path)
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createConnection(path)
    probe.once('connect', () => {
      probe.destroy()
      resolve(true)
    })
    probe.once('error', () => resolve(false))
  })
}

function started(server: Server, where: ListenOptions | { fd: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(where, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
