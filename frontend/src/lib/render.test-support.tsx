import { act } from 'react'
import type { ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import type { Root } from 'react-dom/client'
import { flushSync } from 'react-dom'
import { afterEach, vi } from 'vitest'
import { TooltipProvider } from '../ui/index.ts'

let root: Root | null = null

/** Draws into the page for the tests of one file; each test begins with an empty page. */
export function useRender(): (node: ReactNode) => Promise<void> {
  afterEach(() => {
    flushSync(() => root?.unmount())
    root = null
    document.body.replaceChildren()
  })
  return async (node) => {
    const place = document.createElement('div')
    document.body.append(place)
    root = createRoot(place)
    await acting(() => root?.render(<TooltipProvider>{node}</TooltipProvider>))
  }
}

/** Does something and waits until React has drawn it. What happens later by itself is drawn as it comes. */
export async function acting(doing: () => unknown): Promise<void> {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  await act(async () => {
    doing()
    await Promise.resolve()
  })
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', false)
}

export interface Press {
  readonly ctrlKey?: boolean
  readonly shiftKey?: boolean
  readonly isComposing?: boolean
}

/** Presses a key on an element. @returns whether something took it */
export async function press(target: Element, key: string, options: Press = {}): Promise<boolean> {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...options })
  await acting(() => target.dispatchEvent(event))
  return event.defaultPrevented
}

/** Types into a field as a browser does, so that React hears of it. */
export async function type(field: HTMLTextAreaElement | HTMLInputElement, text: string): Promise<void> {
  await acting(() => {
    const prototype = field instanceof HTMLTextAreaElement ? HTMLTextAreaElement.prototype : HTMLInputElement.prototype
    Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(field, text)
    field.setSelectionRange(text.length, text.length)
    field.dispatchEvent(new Event('input', { bubbles: true }))
  })
}
