/**
 * The mux: one WebSocket per tab, and behind it one connection to the runner of its user.
 *
 * Promises: every request is answered once, by the backend, by the runner word for word, or with the reason why not; what
 * a runner says goes through as it is; a client that reads slowly holds up its own connection alone. Never looks into what
 * it forwards further than to know where it belongs.
 */
export { Dispatcher, readCommandId } from './dispatcher.ts'
export { Mux } from './mux.ts'
export type { BackendMethodName, Caller, Handlers, RoomMethods } from './room.ts'
