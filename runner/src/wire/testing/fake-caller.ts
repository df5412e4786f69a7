import { type CommandId, randomId } from '@octo/protocol'
import type { CommandRecord } from '../../store/store.ts'
import type { CommandCaller, Connection } from '../room.ts'
import { testActor } from './fake-connection.ts'

/** A caller of any method, as the wire would make it, for tests of rooms. */
export function fakeCaller(connection?: Connection): CommandCaller<unknown> {
  const command: CommandId = randomId('cmd')
  return {
    actor: testActor,
    ...(connection && { connection }),
    command,
    signal: new AbortController().signal,
    record: (result): CommandRecord => ({
      user: testActor.user,
      command,
      method: 'test',
      digest: '0'.repeat(64),
      result,
    }),
  }
}
