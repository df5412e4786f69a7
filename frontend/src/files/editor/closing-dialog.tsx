import type { ReactElement } from 'react'
import { useSyncExternalStore } from 'react'
import { useMux } from '../../mux/index.ts'
import { Button, Dialog } from '../../ui/index.ts'
import { nameOf } from '../paths.ts'
import type { OpenDocument } from './document.ts'
import { openDocuments } from './documents.ts'

/** Asks what is to become of unsaved text before its tab closes. */
export function ClosingDialog({ document }: { readonly document: OpenDocument }): ReactElement {
  const documents = openDocuments(useMux())
  const closing = useSyncExternalStore(documents.subscribe, () => documents.isClosing(document))
  return (
    <Dialog
      open={closing}
      onOpenChange={(open) => (open ? undefined : documents.answerClosing('cancel'))}
      size="small"
      role="alertdialog"
      title={`Save ${nameOf(document.path)}?`}
      description="What you changed in it is lost otherwise."
      footer={
        <>
          <Button onClick={() => documents.answerClosing('cancel')}>Cancel</Button>
          <Button onClick={() => documents.answerClosing('discard')}>Don’t save</Button>
          <Button variant="primary" onClick={() => documents.answerClosing('save')}>
            Save
          </Button>
        </>
      }
    />
  )
}
