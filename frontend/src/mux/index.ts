/**
 * The one connection of a tab. Owns the socket, its heartbeat and return, and every call until it is answered once.
 * Promises that a command runs once however often the link is cut. Never knows what a call is about.
 */
export { createBrowserMux } from './browser-mux.ts'
export { usualRunner } from './create-mux.ts'
export { toOctoError } from './errors.ts'
export { fetchApi } from './fetch-api.ts'
export { createLiveList } from './live-list.ts'
export type { EntryOf, ListName, LiveList, LiveListState } from './live-list.ts'
export type { CallOptions, CommandOptions, Mux, MuxState, Stream } from './mux.ts'
export { perMux } from './per-mux.ts'
export { MuxProvider, useLiveList, useMux, useMuxState, useResource } from './react.tsx'
export { createResource } from './resource.ts'
export type { Resource, ResourceState } from './resource.ts'
export { sendFile } from './send-file.ts'
export { useCommand } from './use-command.ts'
