import type { ReactElement } from 'react'

import { cx } from './cx.ts'
import { isApple, shortcutKeys } from './shortcut.ts'

interface KbdProps {
  /** Names joined by +, `mod` being Cmd or Ctrl: `mod+k`. */
  readonly keys: string
  readonly className?: string
}

/** A keyboard shortcut in the platform's own notation. */
export function Kbd({ keys, className }: KbdProps): ReactElement {
  const apple = isApple()
  return (
    <kbd className={cx('font-sans text-2xs tracking-wide whitespace-nowrap text-faint', className)}>
      {shortcutKeys(keys, apple).join(apple ? '' : '+')}
    </kbd>
  )
}
