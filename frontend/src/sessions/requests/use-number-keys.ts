import { useEffect, useRef } from 'react'

/** A key meant for what was here before the card appeared must not answer it. */
const GRACE_MS = 400

/**
 * Presses the choice of a number key, wherever the keyboard is but in a field.
 * @param count how many choices there are
 */
export function useNumberKeys(count: number, enabled: boolean, onChoose: (index: number) => void): void {
  const choose = useRef(onChoose)
  useEffect(() => {
    choose.current = onChoose
  })
  useEffect(() => {
    if (!enabled || count === 0) return
    const since = performance.now()
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return
      if (isField(event.target) || performance.now() - since < GRACE_MS) return
      const index = Number(event.key) - 1
      if (!Number.isInteger(index) || index < 0 || index >= count) return
      event.preventDefault()
      choose.current(index)
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [count, enabled])
}

function isField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  // Terminals and the editor listen through hidden fields of their own.
  return target.isContentEditable || target.matches('input, textarea, select')
}
