import type { WorkspaceId } from '@octo/protocol'

/** Unsaved text of a file, kept in this browser until it is saved or given up. */
export interface Draft {
  readonly workspace: WorkspaceId
  readonly path: string
  readonly text: string
  /** What it was made from; null if that was gone. */
  readonly etag: string | null
  readonly at: number
}

/** A longer text is not kept: writing it again and again would make typing slow. Leaving the page then asks first. */
export const MAX_DRAFT_CHARS = 2 * 1_048_576

/** What nobody came back to goes, the oldest first. */
const MAX_DRAFTS = 50
const KEPT_MS = 30 * 86_400_000

const STORE = 'drafts'

/**
 * Unsaved texts, in the browser's database, for one user. A browser that has none (a private window, a full disk) keeps
 * nothing; then {@link DraftStore.put} says so.
 */
export interface DraftStore {
  /** @returns whether it is kept */
  put(draft: Draft): Promise<boolean>
  get(workspace: WorkspaceId, path: string): Promise<Draft | null>
  remove(workspace: WorkspaceId, path: string): Promise<void>
  all(): Promise<readonly Draft[]>
}

/** Opens the drafts of a user; what is too old or too much goes. */
export function openDrafts(user: string): DraftStore {
  const database = openDatabase(`octo.drafts.${user}`)
  const run = async <Value>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<Value>) => {
    const opened = await database
    if (opened === null) return null
    const transaction = opened.transaction(STORE, mode)
    const request = ask(transaction.objectStore(STORE))
    // A page that is left does not live until the database would ask it whether that was all.
    if (mode === 'readwrite') transaction.commit()
    return settled(request)
  }
  const all = async (): Promise<readonly Draft[]> => (await run<Draft[]>('readonly', (store) => store.getAll())) ?? []
  const drafts: DraftStore = {
    put: async (draft) => {
      if (draft.text.length > MAX_DRAFT_CHARS) return false
      return (await run('readwrite', (store) => store.put(draft))) !== null
    },
    get: async (workspace, path) =>
      (await run<Draft | undefined>('readonly', (store) => store.get([workspace, path]))) ?? null,
    remove: async (workspace, path) => {
      await run('readwrite', (store) => store.delete([workspace, path]))
    },
    all,
  }
  void sweep(drafts)
  return drafts
}

async function sweep(drafts: DraftStore): Promise<void> {
  const all = [...(await drafts.all())].toSorted((a, b) => b.at - a.at)
  const old = all.filter(({ at }, index) => index >= MAX_DRAFTS || Date.now() - at > KEPT_MS)
  for (const { workspace, path } of old) await drafts.remove(workspace, path)
}

/** @returns null where the browser allows no database */
function openDatabase(name: string): Promise<IDBDatabase | null> {
  return new Promise((resolve) => {
    try {
      const request = indexedDB.open(name, 1)
      request.addEventListener('upgradeneeded', () => {
        request.result.createObjectStore(STORE, { keyPath: ['workspace', 'path'] })
      })
      request.addEventListener('success', () => resolve(request.result))
      request.addEventListener('error', () => resolve(null))
      request.addEventListener('blocked', () => resolve(null))
    } catch (error) {
      if (!(error instanceof DOMException)) throw error
      resolve(null)
    }
  })
}

/** @returns null if the browser refuses, such as when its disk is full */
function settled<Value>(request: IDBRequest<Value>): Promise<Value | null> {
  return new Promise((resolve) => {
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => resolve(null))
  })
}
