import { File, Slash } from 'lucide-react'
import type { ReactElement } from 'react'
import { OptionList } from '../../lib/option-list.tsx'
import { Spinner } from '../../ui/index.ts'
import type { Trigger } from './completion.ts'
import type { CompletionEntry, CompletionState } from './use-completion.ts'

interface CompletionListProps {
  readonly id: string
  readonly kind: Trigger['kind']
  readonly state: CompletionState
  readonly active: number
  readonly onActive: (index: number) => void
  readonly onChoose: (entry: CompletionEntry) => void
}

/** What can be put in the place of the word at the caret. */
export function CompletionList({ id, kind, state, active, onActive, onChoose }: CompletionListProps): ReactElement {
  const { entries, error } = state
  return (
    <div className="ui-float absolute inset-x-0 bottom-full z-20 mb-1 max-h-72 overflow-y-auto p-1">
      <OptionList
        id={id}
        label={kind === 'file' ? 'Files' : 'Commands'}
        entries={entries ?? []}
        entryKey={(entry) => entry.value}
        active={active}
        onActive={onActive}
        onChoose={onChoose}
      >
        {(entry) => (
          <>
            <span aria-hidden className="text-faint [&_svg]:size-3.5">
              {kind === 'file' ? <File /> : <Slash />}
            </span>
            <span className="max-w-[60%] shrink-0 truncate">{entry.label}</span>
            <span className="min-w-0 truncate text-xs text-faint">{entry.hint}</span>
          </>
        )}
      </OptionList>
      {entries === null ? (
        <p className="flex h-7 items-center px-2">
          <Spinner label="Searching" />
        </p>
      ) : null}
      {entries?.length === 0 ? (
        <p className="px-2 py-1 text-sm text-faint">
          {error ?? (kind === 'file' ? 'No file matches.' : 'This agent has no such command.')}
        </p>
      ) : null}
    </div>
  )
}
