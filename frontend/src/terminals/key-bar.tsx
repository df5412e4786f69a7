import { ArrowDown, ArrowLeft, ArrowRight, ArrowUp } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { PointerEvent, ReactElement, ReactNode } from 'react'
import { cx } from '../ui/index.ts'
import { BAR_KEYS } from './keys.ts'
import type { BarKey } from './keys.ts'
import type { TerminalController } from './terminal-controller.ts'
import { useControllerState } from './use-controller.ts'

/** A key that is held repeats like one of a keyboard. */
const REPEAT_AFTER_MS = 400
const REPEAT_EVERY_MS = 70

const FACES: Record<BarKey, { readonly face: ReactNode; readonly name: string; readonly repeats: boolean }> = {
  esc: { face: 'Esc', name: 'Escape', repeats: false },
  tab: { face: 'Tab', name: 'Tab', repeats: false },
  left: { face: <ArrowLeft />, name: 'Left', repeats: true },
  down: { face: <ArrowDown />, name: 'Down', repeats: true },
  up: { face: <ArrowUp />, name: 'Up', repeats: true },
  right: { face: <ArrowRight />, name: 'Right', repeats: true },
  '|': { face: '|', name: 'Pipe', repeats: false },
  '/': { face: '/', name: 'Slash', repeats: false },
  '-': { face: '-', name: 'Minus', repeats: false },
  '~': { face: '~', name: 'Tilde', repeats: false },
}

const KEY =
  'flex h-10 min-w-0 flex-1 items-center justify-center rounded-md font-mono text-sm select-none ' +
  'active:bg-pressed [&_svg]:size-4'

/** The keys a phone's keyboard lacks. Pressing one leaves the focus, and so the keyboard, where it is. */
export function KeyBar({ controller }: { readonly controller: TerminalController }): ReactElement {
  const { ctrl } = useControllerState(controller)
  return (
    <div role="toolbar" aria-label="Terminal keys" className="flex shrink-0 border-t border-line bg-bg px-1 py-1">
      <button
        type="button"
        aria-pressed={ctrl}
        className={cx(KEY, ctrl && 'bg-accent-soft text-accent-text')}
        onPointerDown={keepFocus}
        onClick={() => controller.toggleCtrl()}
      >
        Ctrl
      </button>
      {BAR_KEYS.map((key) => (
        <Key key={key} name={key} onPress={() => controller.press(key)} />
      ))}
    </div>
  )
}

function Key({ name, onPress }: { readonly name: BarKey; readonly onPress: () => void }): ReactElement {
  const { face, name: label, repeats } = FACES[name]
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const stop = (): void => clearTimeout(timer.current)
  useEffect(() => () => clearTimeout(timer.current), [])
  const repeat = (): void => {
    onPress()
    timer.current = setTimeout(repeat, REPEAT_EVERY_MS)
  }
  const onDown = (event: PointerEvent): void => {
    keepFocus(event)
    if (repeats) timer.current = setTimeout(repeat, REPEAT_AFTER_MS)
  }
  return (
    <button
      type="button"
      aria-label={label}
      className={KEY}
      onPointerDown={onDown}
      onPointerUp={stop}
      onPointerCancel={stop}
      onPointerLeave={stop}
      onContextMenu={(event) => event.preventDefault()}
      onClick={onPress}
    >
      {face}
    </button>
  )
}

function keepFocus(event: PointerEvent): void {
  event.preventDefault()
}
