import { ArrowUp, Paperclip, Square } from 'lucide-react'
import { useId, useLayoutEffect, useRef, useState } from 'react'
import type { KeyboardEvent, ReactElement, ReactNode, RefObject } from 'react'
import { stepOf } from '../../lib/option-list.tsx'
import { cx, IconButton, Textarea, useMedia } from '../../ui/index.ts'
import type { DraftStore } from '../drafts.ts'
import { promptOf, useDraft } from '../drafts.ts'
import { AttachmentChips } from './attachment-chips.tsx'
import { completed, triggerAt } from './completion.ts'
import { CompletionList } from './completion-list.tsx'
import type { CompletionEntry, CompletionScope } from './use-completion.ts'
import { useCompletion } from './use-completion.ts'

export interface ComposerFrameProps {
  readonly draft: DraftStore
  readonly placeholder: string
  readonly scope: CompletionScope
  /** Whether the agent works: sending queues then, and stopping is offered. */
  readonly working: boolean
  /** What the second key does, where it does something else than the first. */
  readonly steers: boolean
  readonly takesImages: boolean
  readonly onSend: (how: 'prompt' | 'steer') => void
  /** Absent where there is nothing to stop. */
  readonly onStop?: () => void
  /** Why nothing can be sent, e.g. because no model is set up. */
  readonly blocked?: boolean
  /** Pickers for model, effort and mode. */
  readonly toolbar: ReactNode
  /** At the right, before the button: how full the context is. */
  readonly meter?: ReactNode
  readonly fieldRef?: RefObject<HTMLTextAreaElement | null>
}

/** Where a prompt is written: text with completions, attachments, and the button that sends or stops. */
export function ComposerFrame(props: ComposerFrameProps): ReactElement {
  const { draft: store, takesImages, toolbar, meter, working, onStop, blocked = false } = props
  const draft = useDraft(store)
  const canSend = promptOf(draft) !== null && !blocked
  const own = useRef<HTMLTextAreaElement>(null)
  const field = props.fieldRef ?? own
  const files = useRef<HTMLInputElement>(null)
  const [dropping, setDropping] = useState(false)
  return (
    // Dropping has a button that does the same.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      className={cx(
        'relative rounded-xl border bg-surface shadow-small transition-colors duration-100 focus-within:border-line-control',
        dropping ? 'border-focus' : 'border-line-strong',
      )}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        setDropping(true)
      }}
      onDragLeave={() => setDropping(false)}
      onDrop={(event) => {
        setDropping(false)
        if (event.dataTransfer.files.length === 0) return
        event.preventDefault()
        store.addFiles([...event.dataTransfer.files])
      }}
    >
      <AttachmentChips attachments={draft.attachments} store={store} />
      <ComposerField {...props} field={field} text={draft.text} canSend={canSend} />
      <div className="flex min-h-9 items-center gap-0.5 px-1.5 pb-1.5">
        <input
          ref={files}
          type="file"
          multiple
          hidden
          {...(takesImages ? {} : { accept: 'text/*,.json,.md,.log,.csv,.yaml,.yml,.toml' })}
          onChange={(event) => {
            store.addFiles([...(event.target.files ?? [])])
            event.target.value = ''
          }}
        />
        <IconButton
          label={takesImages ? 'Attach files or images' : 'Attach files'}
          icon={<Paperclip size={16} />}
          tooltipSide="top"
          onClick={() => files.current?.click()}
        />
        <div className="flex min-w-0 flex-1 items-center gap-0.5">{toolbar}</div>
        {meter}
        <SendButton
          canSend={canSend}
          working={working}
          onSend={() => {
            props.onSend('prompt')
            field.current?.focus()
          }}
          {...(onStop === undefined ? {} : { onStop })}
        />
      </div>
    </div>
  )
}

interface SendButtonProps {
  readonly canSend: boolean
  readonly working: boolean
  readonly onSend: () => void
  readonly onStop?: () => void
}

/** One button: stops while the agent works and nothing is typed, sends otherwise. */
function SendButton({ canSend, working, onSend, onStop }: SendButtonProps): ReactElement {
  if (working && !canSend && onStop !== undefined) {
    return (
      <IconButton
        label="Stop"
        shortcut="escape"
        variant="primary"
        tooltipSide="top"
        icon={<Square size={11} fill="currentColor" />}
        onClick={onStop}
        className="rounded-full!"
      />
    )
  }
  return (
    <IconButton
      label={working ? 'Queue' : 'Send'}
      shortcut="enter"
      variant="primary"
      tooltipSide="top"
      icon={<ArrowUp size={16} />}
      disabled={!canSend}
      onClick={onSend}
      className="rounded-full!"
    />
  )
}

interface ComposerFieldProps extends ComposerFrameProps {
  readonly field: RefObject<HTMLTextAreaElement | null>
  readonly text: string
  readonly canSend: boolean
}

function ComposerField({ field, text, canSend, ...props }: ComposerFieldProps): ReactElement {
  const { draft: store, placeholder, scope, working, steers, onSend, onStop } = props
  const [caret, setCaret] = useState(0)
  const completion = useFieldCompletion({ field, text, caret, scope, store })
  // Under a thumb there is no Shift: Enter makes a line, the button sends.
  const isTouch = useMedia('(pointer: coarse)')
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    // An input method uses Enter and Escape for itself; 229 is how some of them say so.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return
    if (completion.onKey(event)) return event.preventDefault()
    if (event.key === 'Escape' && working && onStop !== undefined) {
      event.preventDefault()
      return onStop()
    }
    if (event.key !== 'Enter' || event.shiftKey || event.altKey) return
    const second = event.ctrlKey || event.metaKey
    if (isTouch && !second) return
    event.preventDefault()
    if (canSend) onSend(second && working && steers ? 'steer' : 'prompt')
  }
  return (
    <>
      {completion.list}
      <Textarea
        ref={field}
        label="Prompt"
        hideLabel
        variant="bare"
        rows={1}
        placeholder={placeholder}
        value={text}
        {...completion.aria}
        onChange={(event) => {
          store.setText(event.target.value)
          setCaret(event.target.selectionStart)
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
        onBlur={() => completion.dismiss()}
        onPaste={(event) => {
          if (event.clipboardData.files.length === 0) return
          event.preventDefault()
          store.addFiles([...event.clipboardData.files])
        }}
        onKeyDown={onKeyDown}
        className="px-3.5 pt-3 pb-1"
      />
    </>
  )
}

interface FieldCompletionInput {
  readonly field: RefObject<HTMLTextAreaElement | null>
  readonly text: string
  readonly caret: number
  readonly scope: CompletionScope
  readonly store: DraftStore
}

interface FieldCompletion {
  readonly list: ReactNode
  readonly aria: Readonly<Record<string, string | boolean>>
  /** @returns whether the key was for the list */
  readonly onKey: (event: KeyboardEvent) => boolean
  readonly dismiss: () => void
}

function useFieldCompletion({ field, text, caret, scope, store }: FieldCompletionInput): FieldCompletion {
  const id = useId()
  const [dismissed, setDismissed] = useState<string | null>(null)
  const [selected, setSelected] = useState({ query: '', index: 0 })
  const found = triggerAt(text, caret)
  const place = found === null ? null : `${found.kind} ${found.from}`
  // Leaving the word makes the next one at this place complete again.
  if (place === null && dismissed !== null) setDismissed(null)
  const trigger = place === dismissed ? null : found
  const state = useCompletion(trigger, scope)
  const placeCaret = useCaretPlacing(field)
  const entries = state.entries ?? []
  const index = trigger !== null && selected.query === trigger.query ? Math.min(selected.index, entries.length - 1) : 0

  const choose = (entry: CompletionEntry): void => {
    if (trigger === null) return
    const next = completed(text, trigger, entry.value)
    store.setText(next.text)
    if (trigger.kind === 'file') store.addPath(entry.value)
    placeCaret(next.caret)
    setDismissed(place)
  }
  const select = (at: number): void => setSelected({ query: trigger?.query ?? '', index: at })
  const dismiss = (): void => setDismissed(place)

  if (trigger === null) return { list: null, aria: {}, onKey: () => false, dismiss }
  return {
    dismiss,
    list: (
      <CompletionList id={id} kind={trigger.kind} state={state} active={index} onActive={select} onChoose={choose} />
    ),
    aria: {
      role: 'combobox',
      'aria-expanded': true,
      'aria-controls': id,
      'aria-autocomplete': 'list',
      ...(entries.length > 0 ? { 'aria-activedescendant': `${id}-${index}` } : {}),
    },
    onKey: (event) => handleKey(event, { index, entries, select, choose, dismiss }),
  }
}

interface ListKeys {
  readonly index: number
  readonly entries: readonly CompletionEntry[]
  readonly select: (index: number) => void
  readonly choose: (entry: CompletionEntry) => void
  readonly dismiss: () => void
}

function handleKey(event: KeyboardEvent, { index, entries, select, choose, dismiss }: ListKeys): boolean {
  if (event.key === 'Escape') {
    dismiss()
    return true
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false
  const step = stepOf(event.key, index, entries.length)
  const entry = entries[index]
  if (step !== null) select(step)
  else if ((event.key === 'Enter' || event.key === 'Tab') && entry !== undefined) choose(entry)
  else return false
  return true
}

/** Puts the caret where a completion ended, once the field shows the new text. */
function useCaretPlacing(field: RefObject<HTMLTextAreaElement | null>): (caret: number) => void {
  const wanted = useRef<number | null>(null)
  useLayoutEffect(() => {
    if (wanted.current === null) return
    field.current?.setSelectionRange(wanted.current, wanted.current)
    wanted.current = null
  })
  return (caret) => {
    wanted.current = caret
  }
}
