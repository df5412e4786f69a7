import type { Terminal } from '@xterm/xterm'

/** A finger that moves less has not begun to scroll: it taps, or holds to select. */
const SLOP_PX = 8
/** What is left of the speed after each frame when the finger is gone. */
const FRICTION = 0.94
const SLOWEST_PX = 0.5

/**
 * Scrolls with a finger, as a wheel would: through the history, or in a program that listens to the wheel. xterm itself
 * listens to mice alone.
 * @returns a function that ends it
 */
export function scrollByTouch(host: HTMLElement, terminal: Terminal): () => void {
  let lastY = 0
  let speed = 0
  let scrolling = false
  let gliding = 0
  /** Of a row, not scrolled yet. */
  let rest = 0

  const scrollHistory = (pixels: number): void => {
    const rowHeight = (host.querySelector('.xterm-screen')?.clientHeight ?? 0) / terminal.rows
    if (rowHeight === 0) return
    const rows = Math.trunc((rest + pixels) / rowHeight)
    rest += pixels - rows * rowHeight
    terminal.scrollLines(rows)
  }
  const scroll = (pixels: number, { clientX, clientY }: Touch): void => {
    const { buffer, modes } = terminal
    if (buffer.active.type === 'normal' && modes.mouseTrackingMode === 'none') return scrollHistory(pixels)
    const wheel = new WheelEvent('wheel', { deltaY: pixels, clientX, clientY, bubbles: true, cancelable: true })
    host.querySelector('.xterm-screen')?.dispatchEvent(wheel)
  }
  const glide = (at: Touch): void => {
    speed *= FRICTION
    if (Math.abs(speed) < SLOWEST_PX) return
    scroll(speed, at)
    gliding = requestAnimationFrame(() => glide(at))
  }
  const onStart = (event: TouchEvent): void => {
    cancelAnimationFrame(gliding)
    lastY = event.touches[0]?.clientY ?? 0
    scrolling = false
    speed = 0
    rest = 0
  }
  const onMove = (event: TouchEvent): void => {
    const touch = event.touches[0]
    if (touch === undefined || event.touches.length > 1) return
    const moved = lastY - touch.clientY
    if (!scrolling && Math.abs(moved) < SLOP_PX) return
    scrolling = true
    event.preventDefault()
    lastY = touch.clientY
    speed = moved
    scroll(moved, touch)
  }
  const onEnd = (event: TouchEvent): void => {
    const touch = event.changedTouches[0]
    if (!scrolling || touch === undefined) return
    // The end of a scroll is no tap, which would open the keyboard.
    event.preventDefault()
    glide(touch)
  }
  host.addEventListener('touchstart', onStart, { passive: true })
  host.addEventListener('touchmove', onMove, { passive: false })
  host.addEventListener('touchend', onEnd, { passive: false })
  return () => {
    cancelAnimationFrame(gliding)
    host.removeEventListener('touchstart', onStart)
    host.removeEventListener('touchmove', onMove)
    host.removeEventListener('touchend', onEnd)
  }
}
