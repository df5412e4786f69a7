// @vitest-environment happy-dom
import { act } from 'react'
import type { ReactElement } from 'react'
import { createRoot } from 'react-dom/client'
import type { Root } from 'react-dom/client'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { useStickToEnd } from './stick-to-end.ts'

vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)

/** The window is 100 px high; the content as high as a test says. */
const VIEW = 100
let height = 0
let resized: () => void = () => undefined
let root: Root
let scroller: HTMLElement

vi.stubGlobal(
  'ResizeObserver',
  class {
    constructor(callback: () => void) {
      resized = callback
    }
    observe(): void {
      /* The test calls back by itself. */
    }
    disconnect(): void {
      resized = () => undefined
    }
  },
)

function List(): ReactElement {
  const { scroller: outer, content, atEnd, goToEnd } = useStickToEnd(true)
  return (
    <section ref={outer} data-at-end={atEnd}>
      <div ref={content}>
        <button type="button" aria-expanded={false}>
          open
        </button>
        <button type="button" onClick={goToEnd}>
          latest
        </button>
      </div>
    </section>
  )
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
  vi.setSystemTime(0)
  height = 300
  const box = document.createElement('div')
  document.body.replaceChildren(box)
  root = createRoot(box)
  vi.spyOn(HTMLElement.prototype, 'scrollHeight', 'get').mockImplementation(() => height)
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockImplementation(() => VIEW)
  // A browser clamps the offset.
  vi.spyOn(HTMLElement.prototype, 'scrollTo').mockImplementation(function clamp(this: HTMLElement, ...args: unknown[]) {
    const [to] = args as [ScrollToOptions]
    this.scrollTop = Math.min(to.top ?? 0, height - VIEW)
  })
  act(() => root.render(<List />))
  scroller = document.querySelector('section') ?? document.body
})

afterEach(() => {
  act(() => root.unmount())
  vi.restoreAllMocks()
  vi.useRealTimers()
})

function grow(to: number): void {
  height = to
  act(() => resized())
}

function scrollTo(top: number, by: 'wheel' | 'nobody'): void {
  act(() => {
    if (by === 'wheel') scroller.dispatchEvent(new Event('wheel'))
    scroller.scrollTop = Math.max(0, Math.min(top, height - VIEW))
    scroller.dispatchEvent(new Event('scroll'))
  })
}

function press(index: number): void {
  act(() => scroller.querySelectorAll('button')[index]?.click())
}

const atEnd = (): boolean => scroller.dataset['atEnd'] === 'true'
const offset = (): number => scroller.scrollTop

describe('following the end', () => {
  test('growth is followed from the start', () => {
    expect([atEnd(), offset()]).toEqual([true, 200])
    grow(500)
    expect([atEnd(), offset()]).toEqual([true, 400])
  })

  test('a reader who scrolls up is left alone, until he comes back', () => {
    scrollTo(120, 'wheel')
    grow(500)
    expect([atEnd(), offset()]).toEqual([false, 120])
    scrollTo(395, 'wheel')
    grow(700)
    expect([atEnd(), offset()]).toEqual([true, 600])
  })

  test('an offset moved by a change of height is no reader', () => {
    height = 280
    scrollTo(150, 'nobody')
    expect(atEnd()).toBe(true)
    grow(500)
    expect([atEnd(), offset()]).toEqual([true, 400])
  })

  test('an offset moved at an unchanged height is a reader, such as one who searches the page', () => {
    grow(500)
    scrollTo(200, 'nobody')
    expect(atEnd()).toBe(false)
  })

  test('a row that opens stays where it is, and closing it is the end again', () => {
    press(0)
    grow(600)
    expect([atEnd(), offset()]).toEqual([false, 200])
    grow(300)
    expect(atEnd()).toBe(true)
  })

  test('the way back to the end is followed again', () => {
    scrollTo(50, 'wheel')
    press(1)
    expect([atEnd(), offset()]).toEqual([true, 200])
    grow(400)
    expect(offset()).toBe(300)
  })
})
