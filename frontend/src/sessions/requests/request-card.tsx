import type { Answer, RequestItem, SessionId } from '@octo/protocol'
import { MessageCircleQuestion } from 'lucide-react'
import { useEffect, useId, useRef, useState } from 'react'
import type { ReactElement } from 'react'
import { LongText, Markdown } from '../../content/index.ts'
import { useCommand } from '../../mux/index.ts'
import { Button, cx, formatDuration, Textarea, TextField, useNow } from '../../ui/index.ts'
import type { Choice } from './answers.ts'
import { choicesOf } from './answers.ts'
import { useNumberKeys } from './use-number-keys.ts'

interface RequestCardProps {
  readonly session: SessionId
  readonly item: RequestItem
  /** How many more wait behind this one. */
  readonly more: number
  /** Takes the keyboard when it appears, unless the user is typing something. */
  readonly takesFocus: boolean
}

/** A question of the agent, to be answered by a press, a key or a thumb. Give it the item's id as key. */
export function RequestCard({ session, item, more, takesFocus }: RequestCardProps): ReactElement {
  const titleId = useId()
  const card = useRef<HTMLElement>(null)
  const { busy, run } = useCommand('sessions.answer')
  const choices = choicesOf(item)
  const answer = (given: Answer): void => run({ session, item: item.id, answer: given })
  useNumberKeys(choices.length, !busy, (index) => {
    const choice = choices[index]
    if (choice !== undefined) answer(choice.answer)
  })
  useEffect(() => {
    if (takesFocus && !isTyping()) card.current?.focus({ preventScroll: true })
  }, [takesFocus])
  return (
    <section
      ref={card}
      tabIndex={-1}
      aria-labelledby={titleId}
      className="mb-2 flex max-h-[50dvh] min-h-0 flex-col overflow-hidden rounded-xl border border-waiting bg-surface shadow-small outline-none"
    >
      <div className="min-h-0 overflow-y-auto px-4 pt-3 pb-2">
        <div className="flex items-start gap-2">
          <MessageCircleQuestion size={16} aria-hidden className="mt-0.5 shrink-0 text-waiting" />
          <h3 id={titleId} className="min-w-0 flex-1 text-sm font-medium [overflow-wrap:anywhere]">
            {item.title}
          </h3>
          {more > 0 ? <span className="shrink-0 text-xs text-faint">{`${more} more`}</span> : null}
        </div>
        <RequestMessage item={item} />
      </div>
      <div className="shrink-0 px-4 pb-3">
        {item.wants === 'text' ? (
          <TextAnswer key={item.id} item={item} busy={busy} onAnswer={answer} />
        ) : (
          <ChoiceButtons choices={choices} busy={busy} onAnswer={answer} />
        )}
        {item.deadline === undefined ? null : <Deadline at={item.deadline} />}
      </div>
    </section>
  )
}

/** What is asked for, exactly: a command is never drawn as Markdown, which would hide characters of it. */
function RequestMessage({ item }: { readonly item: RequestItem }): ReactElement | null {
  if (item.message === undefined || item.message === '') return null
  switch (item.request) {
    case 'permission':
      return (
        <div className="mt-2 rounded-md border border-line bg-sunken px-3 py-2 font-mono text-xs whitespace-pre-wrap [overflow-wrap:anywhere]">
          <LongText text={item.message} />
        </div>
      )
    case 'question':
    case 'choice':
    case 'form':
    case 'dialog':
    case 'plan':
      return (
        <div className="mt-1.5 text-sm text-muted">
          <Markdown text={item.message} />
        </div>
      )
  }
}

interface ChoiceButtonsProps {
  readonly choices: readonly Choice[]
  readonly busy: boolean
  readonly onAnswer: (answer: Answer) => void
}

function ChoiceButtons({ choices, busy, onAnswer }: ChoiceButtonsProps): ReactElement {
  const long = choices.some((choice) => choice.label.length > 40) || choices.length > 4
  return (
    <div className={cx('flex flex-wrap gap-2', long && 'flex-col')}>
      {choices.map((choice, at) => (
        <Button
          key={choice.id}
          variant={choice.effect === 'allow_once' ? 'primary' : 'default'}
          disabled={busy}
          onClick={() => onAnswer(choice.answer)}
          className="h-auto! min-h-control justify-start py-1 text-left whitespace-normal! max-sm:w-full max-sm:justify-center"
        >
          {at < 9 ? (
            <kbd
              className={cx(
                'inline-flex size-4 items-center justify-center rounded-sm font-sans text-2xs max-sm:hidden',
                choice.effect === 'allow_once' ? 'bg-pressed' : 'bg-sunken text-faint',
              )}
            >
              {at + 1}
            </kbd>
          ) : null}
          {choice.label}
        </Button>
      ))}
    </div>
  )
}

interface TextAnswerProps {
  readonly item: RequestItem
  readonly busy: boolean
  readonly onAnswer: (answer: Answer) => void
}

function TextAnswer({ item, busy, onAnswer }: TextAnswerProps): ReactElement {
  const [text, setText] = useState(item.prefill ?? '')
  const common = {
    label: 'Your answer',
    hideLabel: true,
    value: text,
    ...(item.placeholder === undefined ? {} : { placeholder: item.placeholder }),
  }
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        onAnswer({ type: 'text', text })
      }}
    >
      {item.multiline === true ? (
        <Textarea {...common} rows={4} className="font-mono" onChange={(event) => setText(event.target.value)} />
      ) : (
        <TextField {...common} onChange={(event) => setText(event.target.value)} />
      )}
      <div className="flex justify-end gap-2">
        <Button variant="quiet" disabled={busy} onClick={() => onAnswer({ type: 'cancel' })}>
          Cancel
        </Button>
        <Button type="submit" variant="primary" busy={busy}>
          Answer
        </Button>
      </div>
    </form>
  )
}

function Deadline({ at }: { readonly at: number }): ReactElement {
  const left = at - useNow()
  return (
    <p className="mt-2 text-xs text-faint">{left > 0 ? `Waits ${formatDuration(left)} more.` : 'No longer waits.'}</p>
  )
}

/** Whether the keyboard is in a field that already holds something. */
function isTyping(): boolean {
  const focused = document.activeElement
  if (focused instanceof HTMLTextAreaElement || focused instanceof HTMLInputElement) return focused.value !== ''
  return focused instanceof HTMLElement && focused.isContentEditable
}
