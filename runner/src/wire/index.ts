/**
 * The wire: how calls, changes and streams reach this runner, over HTTP and WebSocket on one Unix socket.
 *
 * Owns the socket, the connections and the ledger of commands. Promises: everything that comes in is parsed once, here;
 * every call is answered exactly once; a reader that is too slow costs a bounded amount of memory and then its connection.
 * Never decides what a call means, nor who may make it: the one is the rooms', the other the backend's.
 *
 * The ledger, in one table. A command's id is scoped to the user who acts; its fingerprint is the SHA-256 of its method and
 * its params as canonical JSON.
 *
 * | what is known of the id           | answer                                                              |
 * |-----------------------------------|---------------------------------------------------------------------|
 * | nothing                           | it runs                                                             |
 * | it runs now, same fingerprint     | its outcome, when it has one                                        |
 * | it is done or failed, same        | that result or error again                                          |
 * | it was begun by an earlier process| `outcome_unknown`: look before trying again under a new id          |
 * | another fingerprint               | `command_conflict`                                                  |
 *
 * Two kinds of commands. Where one store transaction is the whole effect (`Room.atomic`), the handler passes
 * `caller.record(result)` into that transaction: a crash leaves effect and entry, or neither. Where the effect lies outside
 * the store (a process, a file), `started` is stored before it and the outcome after it.
 *
 * Kept for 30 days are results and failures, except failures of atomic commands that say of themselves that the same call
 * may succeed later (`retryable`): nothing happened, so the id stays free.
 */
export type { AnyRoom } from './dispatcher.ts'
export type * from './room.ts'
export { openWire } from './wire.ts'
