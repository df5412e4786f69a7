import type { ComponentProps, ReactElement, ReactNode, RefObject } from 'react'
import { useId, useLayoutEffect, useRef } from 'react'

import { cx } from './cx.ts'

const FRAME =
  'w-full min-w-0 rounded-md border bg-surface text-sm text-text transition-colors duration-100 ' +
  'focus-within:border-focus focus-within:outline-1 focus-within:outline-focus'

interface FieldProps {
  readonly label: string
  /** The label stays for screen readers only; the surroundings must make the purpose plain. */
  readonly hideLabel?: boolean | undefined
  readonly hint?: ReactNode
  /** What is wrong and how to mend it; marks the field as invalid. */
  readonly error?: string | null | undefined
}

export interface TextFieldProps extends FieldProps, Omit<ComponentProps<'input'>, 'prefix'> {
  readonly icon?: ReactNode
  /** Something at the end, such as a button that clears. */
  readonly suffix?: ReactNode
}

/** A labelled one-line field. */
export function TextField({ label, hideLabel, hint, error, icon, suffix, ...rest }: TextFieldProps): ReactElement {
  const { className, id: givenId, ...attributes } = rest
  const ownId = useId()
  const id = givenId ?? ownId
  return (
    <Field id={id} label={label} hideLabel={hideLabel} hint={hint} error={error} className={className}>
      <span className={cx(FRAME, 'flex h-control items-center gap-1.5 px-2', frameBorder(error))}>
        {icon === undefined ? null : <span className="inline-flex shrink-0 text-faint">{icon}</span>}
        <input
          {...attributes}
          id={id}
          {...describe(id, hint, error)}
          className="h-full min-w-0 flex-1 bg-transparent outline-none disabled:text-disabled"
        />
        {suffix}
      </span>
    </Field>
  )
}

export interface TextareaProps extends FieldProps, Omit<ComponentProps<'textarea'>, 'ref'> {
  readonly ref?: RefObject<HTMLTextAreaElement | null>
  /** Grows with its text up to this height, then scrolls. */
  readonly maxHeight?: string
  /** `bare` has no frame of its own, for a composer that draws one. */
  readonly variant?: 'default' | 'bare'
}

/** A labelled field of many lines that grows with its text. */
export function Textarea({
  label,
  hideLabel,
  hint,
  error,
  ref,
  maxHeight = '33dvh',
  ...rest
}: TextareaProps): ReactElement {
  const { className, id: givenId, variant = 'default', rows = 2, ...attributes } = rest
  const ownId = useId()
  const own = useRef<HTMLTextAreaElement>(null)
  const target = ref ?? own
  const id = givenId ?? ownId
  useGrow(target)
  return (
    <Field id={id} label={label} hideLabel={hideLabel} hint={hint} error={error} className={className}>
      <textarea
        {...attributes}
        ref={target}
        id={id}
        rows={rows}
        {...describe(id, hint, error)}
        style={{ maxHeight }}
        className={cx(
          'block resize-none field-sizing-content overflow-y-auto disabled:text-disabled',
          variant === 'default'
            ? cx(FRAME, 'px-2 py-1', frameBorder(error))
            : 'w-full min-w-0 bg-transparent text-base outline-none',
        )}
      />
    </Field>
  )
}

interface FieldFrameProps extends FieldProps {
  readonly id: string
  readonly className?: string | undefined
  readonly children: ReactNode
}

function Field({ id, label, hideLabel, hint, error, className, children }: FieldFrameProps): ReactElement {
  return (
    <div className={cx('flex min-w-0 flex-col gap-1', className)}>
      <label htmlFor={id} className={hideLabel === true ? 'sr-only' : 'text-xs font-medium text-muted'}>
        {label}
      </label>
      {children}
      {hint === undefined ? null : (
        <p id={`${id}-hint`} className="text-xs text-pretty text-faint">
          {hint}
        </p>
      )}
      {typeof error === 'string' ? (
        <p id={`${id}-error`} role="alert" className="text-xs text-pretty text-failed">
          {error}
        </p>
      ) : null}
    </div>
  )
}

function frameBorder(error: string | null | undefined): string {
  return typeof error === 'string' ? 'border-failed' : 'border-line-control'
}

function describe(
  id: string,
  hint: ReactNode,
  error: string | null | undefined,
): ComponentProps<'input'> & ComponentProps<'textarea'> {
  const invalid = typeof error === 'string'
  const ids = [hint === undefined ? null : `${id}-hint`, invalid ? `${id}-error` : null].filter(
    (entry) => entry !== null,
  )
  return {
    ...(ids.length > 0 ? { 'aria-describedby': ids.join(' ') } : {}),
    ...(invalid ? { 'aria-invalid': true } : {}),
  }
}

/** Browsers with `field-sizing` grow by themselves; the others measure after each render. */
function useGrow(ref: RefObject<HTMLTextAreaElement | null>): void {
  useLayoutEffect(() => {
    const field = ref.current
    if (field === null || CSS.supports('field-sizing', 'content')) return
    field.style.height = 'auto'
    field.style.height = `${field.scrollHeight + field.offsetHeight - field.clientHeight}px`
  })
}
