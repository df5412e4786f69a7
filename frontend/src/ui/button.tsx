import type { ComponentProps, ReactElement, ReactNode } from 'react'

import { cx } from './cx.ts'
import { Spinner } from './spinner.tsx'
import { Tooltip } from './tooltip.tsx'

export type ButtonVariant = 'primary' | 'default' | 'quiet' | 'danger'

export interface ButtonProps extends ComponentProps<'button'> {
  readonly variant?: ButtonVariant
  /** `large` for the one action of a page, such as signing in. */
  readonly size?: 'small' | 'medium' | 'large'
  readonly icon?: ReactNode
  /** Shows a spinner and takes no second press; the label stays, so the width does. */
  readonly busy?: boolean
}

const VARIANTS: Record<ButtonVariant, string> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-hover shadow-small',
  default: 'bg-raised text-text border border-line-strong hover:bg-sunken shadow-small',
  quiet: 'text-muted hover:text-text hover:bg-hover active:bg-pressed',
  danger: 'bg-danger text-on-danger hover:bg-danger-hover shadow-small',
}

const SIZES = {
  small: 'h-6 px-2 text-xs gap-1 pointer-coarse:h-9 pointer-coarse:px-3',
  medium: 'h-control px-3 text-sm gap-1.5',
  large: 'h-9 px-4 text-sm gap-2 pointer-coarse:h-11',
} as const

const COMMON =
  'inline-flex shrink-0 items-center justify-center rounded-md font-medium whitespace-nowrap select-none ' +
  'transition-colors duration-100 disabled:pointer-events-none disabled:opacity-50 [&_svg]:shrink-0'

/** A labelled button. It never submits a form unless `type="submit"` says so. */
export function Button({
  variant = 'default',
  size = 'medium',
  icon,
  busy = false,
  ...rest
}: ButtonProps): ReactElement {
  const { className, children, disabled, ...attributes } = rest
  return (
    <button
      type="button"
      {...attributes}
      disabled={disabled === true || busy}
      aria-busy={busy || undefined}
      className={cx(COMMON, VARIANTS[variant], SIZES[size], className)}
    >
      {busy ? <Spinner label="Working" delayMs={0} className="text-current" /> : icon}
      {children}
    </button>
  )
}

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'aria-label' | 'children'> {
  /** Name for screen readers, and the tooltip. */
  readonly label: string
  readonly icon: ReactNode
  readonly shortcut?: string
  readonly size?: 'small' | 'medium'
  readonly variant?: ButtonVariant
  /** For toggles: whether it is on. */
  readonly pressed?: boolean
  readonly tooltipSide?: 'top' | 'right' | 'bottom' | 'left'
}

const ICON_SIZES = {
  small: 'size-6 pointer-coarse:size-9',
  medium: 'size-7 pointer-coarse:size-10',
} as const

/** A button that is only an icon; its name is shown as a tooltip with its shortcut. */
export function IconButton({ label, icon, shortcut, size = 'medium', ...rest }: IconButtonProps): ReactElement {
  const { variant = 'quiet', pressed, tooltipSide, className, ...attributes } = rest
  return (
    <Tooltip label={label} shortcut={shortcut} {...(tooltipSide === undefined ? {} : { side: tooltipSide })}>
      <button
        type="button"
        aria-label={label}
        aria-pressed={pressed}
        {...attributes}
        className={cx(
          COMMON,
          VARIANTS[variant],
          ICON_SIZES[size],
          'data-[state=open]:bg-pressed data-[state=open]:text-text',
          pressed === true && 'bg-selected text-text',
          className,
        )}
      >
        {icon}
      </button>
    </Tooltip>
  )
}
