import type { Item } from '@octo/protocol'
import type { ListPosition } from '../../ui/index.ts'
import type { Echo } from '../echoes.ts'
import { makeRows } from '../rows.ts'
import type { Row } from '../rows.ts'
import type { SessionStore } from '../session-store.ts'

/** What is kept of how a session was shown, for when its tab comes to the front again. */
export interface TranscriptView {
  readonly opened: Map<string, boolean>
  readonly position: ListPosition | null
  readonly savePosition: (position: ListPosition) => void
  /** The rows of the transcript; unchanged ones are the same objects as before. */
  readonly rows: (items: readonly Item[], echoes: readonly Echo[]) => readonly Row[]
}

const views = new WeakMap<SessionStore, TranscriptView>()

/** How a session was shown last; it goes with its store. */
export function transcriptView(store: SessionStore): TranscriptView {
  const known = views.get(store)
  if (known !== undefined) return known
  let position: ListPosition | null = null
  const view: TranscriptView = {
    opened: new Map(),
    get position() {
      return position
    },
    savePosition: (saved) => {
      position = saved
    },
    rows: createRowMaker(),
  }
  views.set(store, view)
  return view
}

function createRowMaker(): TranscriptView['rows'] {
  let rows: readonly Row[] = []
  let last: { items: readonly Item[]; echoes: readonly Echo[] } | null = null
  return (items, echoes) => {
    if (last?.items === items && last.echoes === echoes) return rows
    last = { items, echoes }
    rows = makeRows(items, echoes, rows)
    return rows
  }
}

/** The key of the row that shows an item; `null` if none does. */
export function rowKeyOf(rows: readonly Row[], item: string): string | null {
  for (const row of rows) {
    if (row.key === item) return row.key
    if (row.kind === 'run' && row.items.some((member) => member.id === item)) return row.key
    if ((row.kind === 'tool' || row.kind === 'task') && rowKeyOf(row.children, item) !== null) return row.key
  }
  return null
}
