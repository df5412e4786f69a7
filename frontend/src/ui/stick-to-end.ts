import type { RefObject } from 'react'
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'

/** Closer to the end than this counts as being there: a line of text, so that a nudge of the wheel still leaves. */
const END_SLACK_PX = 24
/** A scroll this soon after a key, a wheel or a finger is the reader's own. */
const INTENT_MS = 600
/** Growth this soon after a row was opened is that row's. */
const OPENING_MS = 400

/** What opens a part of the page in place; what opens a menu floats and moves nothing. */
const OPENER = '[aria-expanded]:not([aria-haspopup])'

export interface StickToEnd {
  /** For the element that scrolls. */
  readonly scroller: RefObject<HTMLElement | null>
  /** For its one child, whose height is watched. */
  readonly content: RefObject<HTMLDivElement | null>
  /** Whether the reader is at the end, so that growth is followed. */
  readonly atEnd: boolean
  /** Goes to the end and follows it again. */
  readonly goToEnd: () => void
  /** Stays where the view is, whatever grows. */
  readonly letGo: () => void
}

/** What the hook remembers between events; none of it is drawn. */
interface Motion {
  stuck: boolean
  top: number
  /** Height of the content when the offset was last seen. */
  height: number
  intentAt: number
  openedAt: number
}

/**
 * Keeps a scroller at its end while its content grows, and only while the reader is there. Content that changes its
 * height moves the offset too, so an upward move counts as the reader's only after input or at an unchanged height.
 * @param startAtEnd whether the view begins at the end
 */
export function useStickToEnd(startAtEnd: boolean): StickToEnd {
  const scroller = useRef<HTMLElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const [atEnd, setAtEnd] = useState(startAtEnd)
  const motion = useRef<Motion>({ stuck: startAtEnd, top: 0, height: 0, intentAt: -Infinity, openedAt: -Infinity })

  const setStuck = useCallback((stuck: boolean) => {
    motion.current.stuck = stuck
    setAtEnd(stuck)
  }, [])

  const pin = useCallback(() => {
    const element = scroller.current
    if (element === null || !motion.current.stuck || isSelectingIn(element)) return
    const opening = performance.now() - motion.current.openedAt < OPENING_MS
    // A row that opens grows under the pointer; following the end would push it away.
    if (opening && distanceToEnd(element) > END_SLACK_PX) return setStuck(false)
    element.scrollTo({ top: element.scrollHeight, behavior: 'instant' })
    see(motion.current, element)
  }, [setStuck])

  useLayoutEffect(pin)

  useEffect(() => {
    const [outer, inner] = [scroller.current, content.current]
    if (outer === null || inner === null) return
    const observer = new ResizeObserver(() => {
      // What was opened may have been closed again: the view is at the end without having moved.
      if (!motion.current.stuck && distanceToEnd(outer) < 1) setStuck(true)
      pin()
    })
    observer.observe(outer)
    observer.observe(inner)
    return () => observer.disconnect()
  }, [pin, setStuck])

  useEffect(() => {
    const element = scroller.current
    if (element === null) return
    return listenToReader(element, motion.current, setStuck)
  }, [setStuck])

  const goToEnd = useCallback(() => {
    setStuck(true)
    pin()
  }, [pin, setStuck])

  return { scroller, content, atEnd, goToEnd, letGo: useCallback(() => setStuck(false), [setStuck]) }
}

/** Listens to everything by which a reader moves the view or opens something in it. */
function listenToReader(element: HTMLElement, motion: Motion, setStuck: (stuck: boolean) => void): () => void {
  const stop = new AbortController()
  const passive = { passive: true, signal: stop.signal }
  const onIntent = (): void => {
    motion.intentAt = performance.now()
  }
  for (const kind of ['wheel', 'touchmove', 'keydown', 'pointerdown']) element.addEventListener(kind, onIntent, passive)
  element.addEventListener(
    'scroll',
    () => {
      const movedUp = element.scrollTop < motion.top - 1
      const own = element.scrollHeight === motion.height || performance.now() - motion.intentAt < INTENT_MS
      see(motion, element)
      if (distanceToEnd(element) <= END_SLACK_PX) setStuck(true)
      else if (movedUp && own) setStuck(false)
    },
    passive,
  )
  element.addEventListener(
    'click',
    (event) => {
      if (event.target instanceof Element && event.target.closest(OPENER) !== null) motion.openedAt = performance.now()
    },
    { capture: true, signal: stop.signal },
  )
  return () => stop.abort()
}

function see(motion: Motion, element: HTMLElement): void {
  motion.top = element.scrollTop
  motion.height = element.scrollHeight
}

function distanceToEnd(element: HTMLElement): number {
  return element.scrollHeight - element.scrollTop - element.clientHeight
}

/** While text is being selected nothing may move under the pointer. */
function isSelectingIn(element: HTMLElement): boolean {
  const selection = document.getSelection()
  return selection !== null && !selection.isCollapsed && element.contains(selection.anchorNode)
}
