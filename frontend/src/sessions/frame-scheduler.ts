/** Redraws closer together than this are merged: a screen shows no more. */
const FRAME_MS = 16
/** A hidden page gets no frames; its title and notices still follow. */
const HIDDEN_MS = 250

export interface FrameScheduler {
  /** Something changed: draws at once when nothing was drawn just now, else with the next frame. */
  request(): void
  cancel(): void
}

/** Calls `draw` at once when idle and at most once a frame under load. */
export function createFrameScheduler(draw: () => void): FrameScheduler {
  let drawnAt = -FRAME_MS
  let cancelScheduled: (() => void) | null = null

  const drawNow = (): void => {
    cancelScheduled = null
    draw()
    // After the drawing: a slow draw must leave the browser time to breathe.
    drawnAt = performance.now()
  }

  return {
    request() {
      if (cancelScheduled !== null) return
      if (document.visibilityState === 'hidden') {
        const timer = setTimeout(drawNow, HIDDEN_MS)
        cancelScheduled = () => clearTimeout(timer)
      } else if (performance.now() - drawnAt >= FRAME_MS) {
        drawNow()
      } else {
        const frame = requestAnimationFrame(drawNow)
        cancelScheduled = () => cancelAnimationFrame(frame)
      }
    },
    cancel() {
      cancelScheduled?.()
      cancelScheduled = null
    },
  }
}
