import { useCallback, useEffect, useState, useSyncExternalStore } from 'react'

/** Waiting below this time is not felt as waiting, so nothing is drawn for it. */
const LOADING_DELAY_MS = 150

/** False first, true once the component has been there for the delay: keeps spinners from flashing. */
export function useDelayed(delayMs: number = LOADING_DELAY_MS): boolean {
  const [due, setDue] = useState(delayMs <= 0)
  useEffect(() => {
    if (delayMs <= 0) return
    const timer = setTimeout(() => setDue(true), delayMs)
    return () => clearTimeout(timer)
  }, [delayMs])
  return due
}

/** Whether a media query matches, kept current. */
export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (onChange: () => void) => {
      const list = matchMedia(query)
      list.addEventListener('change', onChange)
      return () => list.removeEventListener('change', onChange)
    },
    [query],
  )
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches)
}

/** The phone layout: one column and a bar at the bottom. */
export function useIsPhone(): boolean {
  return useMedia('(max-width: 767px)')
}

/** How long "Copied" and the like stand before the control reads as before. */
const FEEDBACK_MS = 1_600

/** A flag that falls back to false by itself: `[shown, show]`. */
export function useFlash(durationMs: number = FEEDBACK_MS): readonly [boolean, () => void] {
  const [count, setCount] = useState(0)
  useEffect(() => {
    if (count === 0) return
    const timer = setTimeout(() => setCount(0), durationMs)
    return () => clearTimeout(timer)
  }, [count, durationMs])
  return [count > 0, useCallback(() => setCount((current) => current + 1), [])]
}
