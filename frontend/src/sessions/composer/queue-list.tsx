import type { PromptInput, QueuedPrompt, SessionId } from '@octo/protocol'
import { ArrowUp, Check, Pencil, Trash2, X } from 'lucide-react'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { useCommand } from '../../mux/index.ts'
import { Button, IconButton, Textarea } from '../../ui/index.ts'

interface QueueListProps {
  readonly session: SessionId
  readonly queue: readonly QueuedPrompt[]
  /** Whether the queue waits for the user, after a stop. */
  readonly held: boolean
}

/** Prompts that wait for the turn to end: what comes next, to edit, move up or take out. */
export function QueueList({ session, queue, held }: QueueListProps): ReactElement | null {
  const { busy, run } = useCommand('sessions.resume')
  if (queue.length === 0) return null
  return (
    <section
      aria-label="Queued prompts"
      className="mx-3 max-h-40 overflow-y-auto rounded-t-lg border border-b-0 border-line bg-sunken px-1.5 py-1"
    >
      {held ? (
        <div className="flex items-center gap-2 px-1.5 py-0.5 text-xs text-muted">
          <span className="flex-1">The queue waits after the stop.</span>
          <Button size="small" busy={busy} onClick={() => run({ session })}>
            Go on
          </Button>
        </div>
      ) : null}
      <ol>
        {queue.map((prompt, at) => (
          <QueuedRow key={prompt.id} session={session} prompt={prompt} at={at} />
        ))}
      </ol>
    </section>
  )
}

interface QueuedRowProps {
  readonly session: SessionId
  readonly prompt: QueuedPrompt
  readonly at: number
}

function QueuedRow({ session, prompt, at }: QueuedRowProps): ReactElement {
  const [editing, setEditing] = useState(false)
  const remove = useCommand('sessions.removeQueued')
  const move = useCommand('sessions.moveQueued')
  const text = textOf(prompt)
  if (editing) return <QueuedEditor session={session} prompt={prompt} onDone={() => setEditing(false)} />
  const extras = prompt.parts.filter((part) => part.type !== 'text').length
  return (
    <li className="group flex min-h-7 items-center gap-1 rounded-md px-1.5 text-sm hover:bg-hover">
      <span className="w-4 shrink-0 text-xs text-faint tabular-nums">{at + 1}</span>
      <span className="min-w-0 flex-1 truncate" title={text}>
        {text}
        {extras > 0 ? <span className="text-faint">{` + ${extras} attached`}</span> : null}
      </span>
      <span className="flex shrink-0 opacity-60 group-focus-within:opacity-100 group-hover:opacity-100">
        {at > 0 ? (
          <IconButton
            size="small"
            label="Move up"
            icon={<ArrowUp size={13} />}
            onClick={() => move.run({ session, queued: prompt.id, to: at - 1 })}
          />
        ) : null}
        <IconButton size="small" label="Edit" icon={<Pencil size={13} />} onClick={() => setEditing(true)} />
        <IconButton
          size="small"
          label="Remove from the queue"
          icon={<Trash2 size={13} />}
          disabled={remove.busy}
          onClick={() => remove.run({ session, queued: prompt.id })}
        />
      </span>
    </li>
  )
}

function QueuedEditor({ session, prompt, onDone }: Omit<QueuedRowProps, 'at'> & { onDone: () => void }): ReactElement {
  const [text, setText] = useState(() => textOf(prompt))
  const { busy, run } = useCommand('sessions.editQueued')
  const save = (): void => {
    if (text.trim() !== '') run({ session, queued: prompt.id, prompt: { ...kept(prompt), text: text.trim() } }, onDone)
  }
  return (
    <li className="flex items-start gap-1 p-1">
      <Textarea
        label="Queued prompt"
        hideLabel
        className="flex-1"
        rows={2}
        maxHeight="20dvh"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return
          if (event.key === 'Enter' && !event.shiftKey) {
            event.preventDefault()
            save()
          } else if (event.key === 'Escape') {
            event.preventDefault()
            event.stopPropagation()
            onDone()
          }
        }}
      />
      <IconButton size="small" label="Save" icon={<Check size={13} />} disabled={busy} onClick={save} />
      <IconButton size="small" label="Leave as it was" icon={<X size={13} />} onClick={onDone} />
    </li>
  )
}

function textOf({ parts }: QueuedPrompt): string {
  return parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n\n')
}

/** The attachments of a queued prompt, which editing its text leaves as they are. */
function kept({ parts }: QueuedPrompt): Pick<PromptInput, 'attachments'> {
  const attachments = parts.flatMap((part): NonNullable<PromptInput['attachments']> => {
    if (part.type === 'file') return [{ type: 'file', path: part.path }]
    if (part.type !== 'image') return []
    return [{ type: 'blob', blob: part.blob.id, ...(part.name === undefined ? {} : { name: part.name }) }]
  })
  return attachments.length === 0 ? {} : { attachments }
}
