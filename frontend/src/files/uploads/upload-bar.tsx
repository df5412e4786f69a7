import type { WorkspaceId } from '@octo/protocol'
import { useState, useSyncExternalStore } from 'react'
import type { ReactElement } from 'react'
import { useMux } from '../../mux/index.ts'
import { Banner, Button, Checkbox, Dialog, formatBytes, formatPlural, ProgressBar } from '../../ui/index.ts'
import { nameOf, parentOf } from '../paths.ts'
import type { ConflictChoice, UploadState } from './upload-queue.ts'
import { uploadQueue } from './uploads.ts'

/** How far the uploads into a workspace are; nothing while there are none. */
export function UploadBar({ workspace }: { readonly workspace: WorkspaceId }): ReactElement | null {
  const queue = uploadQueue(useMux())(workspace)
  const state = useSyncExternalStore(queue.subscribe, () => queue.state)
  if (state.total === 0) return null
  return (
    <div className="border-t border-line">
      {state.done < state.total ? (
        <ProgressBar
          className="px-3 py-2"
          label={labelOf(state)}
          value={state.totalBytes === 0 ? null : state.sentBytes / state.totalBytes}
          detail={`${formatBytes(state.sentBytes)} of ${formatBytes(state.totalBytes)}`}
          onCancel={() => queue.cancel()}
        />
      ) : null}
      {state.failures.length > 0 ? <Failures state={state} onDismiss={() => queue.dismiss()} /> : null}
      <ConflictDialog state={state} onAnswer={(choice, forAll) => queue.answer(choice, forAll)} />
    </div>
  )
}

function labelOf({ total, done, current }: UploadState): string {
  if (total > 1) return `Uploading ${done + 1} of ${formatPlural(total, 'file')}`
  return current === null ? 'Uploading' : `Uploading ${nameOf(current)}`
}

function Failures({ state, onDismiss }: { readonly state: UploadState; readonly onDismiss: () => void }): ReactElement {
  const [first, ...others] = state.failures
  return (
    <Banner tone="failed" {...(state.done === state.total ? { onDismiss } : {})}>
      {first === undefined ? '' : `${nameOf(first.path)}: ${first.message}`}
      {others.length === 0 ? '' : ` ${formatPlural(others.length, 'other file')} could not be uploaded either.`}
    </Banner>
  )
}

interface ConflictDialogProps {
  readonly state: UploadState
  readonly onAnswer: (choice: ConflictChoice, forAll: boolean) => void
}

function ConflictDialog({ state, onAnswer }: ConflictDialogProps): ReactElement {
  const { conflict, total } = state
  const [forAll, setForAll] = useState(false)
  const folder = conflict === null ? '' : parentOf(conflict.path)
  const choose = (choice: ConflictChoice): void => onAnswer(choice, forAll)
  return (
    <Dialog
      open={conflict !== null}
      onOpenChange={(open) => (open ? undefined : choose('skip'))}
      size="small"
      title={conflict === null ? '' : `${nameOf(conflict.path)} is there already`}
      description={folder === '' ? 'In the workspace’s own folder.' : `In ${folder}.`}
      footer={
        <>
          <Button onClick={() => choose('skip')}>Skip</Button>
          <Button onClick={() => choose('keep-both')}>Keep both</Button>
          <Button variant="danger" onClick={() => choose('replace')}>
            Replace
          </Button>
        </>
      }
    >
      {total > 1 ? (
        <Checkbox label="Do the same for all that follow" checked={forAll} onCheckedChange={setForAll} />
      ) : null}
    </Dialog>
  )
}
