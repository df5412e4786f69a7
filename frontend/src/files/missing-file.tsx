import type { OctoError } from '@octo/protocol'
import { FileX } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { ReactElement } from 'react'
import { useMux } from '../mux/index.ts'
import { replaceTab } from '../shell/navigation.ts'
import { tabKey } from '../shell/tabs.ts'
import { Button, EmptyState, ErrorState } from '../ui/index.ts'
import type { FileTarget } from './file-pane.tsx'
import { nameOf } from './paths.ts'

/** As many as can be taken in at a glance. */
const MAX_GUESSES = 5

interface MissingFileProps {
  readonly target: FileTarget
  readonly error: OctoError
  readonly onRetry: () => void
}

/** A file that cannot be opened: why, and what may have been meant. */
export function MissingFile({ target, error, onRetry }: MissingFileProps): ReactElement {
  const guesses = useGuesses(target, error.code === 'not_found')
  if (error.code !== 'not_found') {
    return (
      <ErrorState title={`${nameOf(target.path)} cannot be opened`} onRetry={onRetry}>
        {error.message}
      </ErrorState>
    )
  }
  return (
    <EmptyState
      icon={<FileX />}
      title={`${nameOf(target.path)} is not there`}
      action={guesses.map((path) => (
        <Button key={path} onClick={() => replaceTab(tabKey(target), { ...target, path })}>
          {path}
        </Button>
      ))}
    >
      {guesses.length === 0
        ? 'It may have been moved, renamed or deleted. If it comes back, it is shown here.'
        : 'These have the same name:'}
    </EmptyState>
  )
}

/** Files elsewhere that end like what was asked for: agents and compilers often leave out the folders above. */
function useGuesses(target: FileTarget, wanted: boolean): readonly string[] {
  const mux = useMux()
  const [guesses, setGuesses] = useState<readonly string[]>([])
  const { workspace, path } = target
  useEffect(() => {
    if (!wanted) return
    const stop = new AbortController()
    const name = nameOf(path)
    mux.query('files.find', { workspace, query: name.slice(0, 200), limit: 50 }, { signal: stop.signal }).then(
      (found) =>
        setGuesses(found.paths.filter((other) => nameOf(other) === name && other !== path).slice(0, MAX_GUESSES)),
      // Without guesses the sentence alone has to do.
      () => setGuesses([]),
    )
    return () => stop.abort()
  }, [mux, workspace, path, wanted])
  return guesses
}
