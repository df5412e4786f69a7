import { useCallback, useLayoutEffect, useRef } from 'react'

/** A function that keeps its identity and calls whatever was given last, so that passing it on draws nothing again. */
export function useLatest<A>(callback: ((argument: A) => void) | undefined): (argument: A) => void {
  const latest = useRef(callback)
  useLayoutEffect(() => {
    latest.current = callback
  }, [callback])
  return useCallback((argument) => latest.current?.(argument), [])
}
