import type { ListState, OctoError, Provider, SessionSummary, Terminal, Workspace } from '@octo/protocol'
import { applyList, applyListChanged, emptyList } from '@octo/protocol/client'
import { toOctoError } from './errors.ts'
import type { Mux } from './mux.ts'

/** The lists that live, by the method that opens them. */
interface ListRooms {
  'sessions.list': { readonly entry: SessionSummary; readonly changed: 'sessions.listChanged' }
  'workspaces.list': { readonly entry: Workspace; readonly changed: 'workspaces.changed' }
  'models.list': { readonly entry: Provider; readonly changed: 'models.changed' }
  'terminals.list': { readonly entry: Terminal; readonly changed: 'terminals.changed' }
}

export type ListName = keyof ListRooms
export type EntryOf<Name extends ListName> = ListRooms[Name]['entry']

/** All rooms answer alike but for the entries; TypeScript cannot follow that through a generic name. */
type ListReply<Entry extends { readonly id: string }> = Parameters<typeof applyList<Entry>>[1]
type ListChange<Entry extends { readonly id: string }> = Parameters<typeof applyListChanged<Entry>>[1]

export interface LiveListState<Entry> {
  readonly entries: ReadonlyMap<string, Entry>
  /** False until the first answer: an empty list is then not yet known to be empty. */
  readonly loaded: boolean
  /** Why it could not be loaded; entries of an earlier answer stay. */
  readonly error: OctoError | null
}

export interface LiveList<Entry> {
  readonly state: LiveListState<Entry>
  readonly subscribe: (listener: () => void) => () => void
  /** Asks again, after an error. */
  reload(): void
  close(): void
}

/**
 * A list of a room, kept current: it is asked for whenever the runner comes (back), and changes are folded in. A gap
 * asks again from where the list stands.
 * @param name the method that lists, and subscribes this connection
 * @param changed the notification that brings its changes
 */
export function createLiveList<Name extends ListName>(
  mux: Mux,
  name: Name,
  changed: ListRooms[Name]['changed'],
): LiveList<EntryOf<Name>> {
  type Entry = EntryOf<Name>
  const listeners = new Set<() => void>()
  let list: ListState<Entry> = emptyList()
  let state: LiveListState<Entry> = { entries: list.entries, loaded: false, error: null }
  /** Counts askings, so that only the answer to the last one is applied. */
  let asking = 0
  let waiting = false

  const show = (next: LiveListState<Entry>): void => {
    state = next
    for (const listener of listeners) listener()
  }

  const ask = async (): Promise<void> => {
    asking += 1
    const own = asking
    waiting = true
    try {
      const cursor = list.epoch === null ? {} : { after: list.seq, epoch: list.epoch }
      const reply = await mux.query(name as 'sessions.list', cursor)
      if (own !== asking) return
      list = applyList(list, reply as unknown as ListReply<Entry>)
      show({ entries: list.entries, loaded: true, error: null })
    } catch (error) {
      if (own === asking) show({ ...state, error: toOctoError(error) })
    } finally {
      if (own === asking) waiting = false
    }
  }

  const stopReady = mux.onReady(() => void ask())
  const stopChanged = mux.on(changed, (notice) => {
    // The answer on its way covers this change, or the next gap shows that it did not.
    if (waiting) return
    const next = applyListChanged(list, notice as unknown as ListChange<Entry>)
    if (next === null) return void ask()
    if (next === list) return
    list = next
    show({ entries: list.entries, loaded: true, error: null })
  })

  return {
    get state() {
      return state
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    reload: () => void ask(),
    close: () => {
      asking += 1
      stopReady()
      stopChanged()
    },
  }
}
