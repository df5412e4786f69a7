import type { ReactElement, ReactNode } from 'react'
import { useEffect, useRef, useState } from 'react'

interface ScrollXProps {
  /** What scrolls, for screen readers. */
  readonly label: string
  readonly children: ReactNode
  readonly className?: string
}

/** Scrolls sideways inside itself. The keyboard reaches it only while there is something to scroll to. */
export function ScrollX({ label, children, className }: ScrollXProps): ReactElement {
  const box = useRef<HTMLDivElement>(null)
  const [overflows, setOverflows] = useState(false)
  useEffect(() => {
    const element = box.current
    if (element === null || typeof ResizeObserver === 'undefined') return
    const observer = new ResizeObserver(() => setOverflows(element.scrollWidth > element.clientWidth + 1))
    observer.observe(element)
    for (const child of element.children) observer.observe(child)
    return () => observer.disconnect()
  }, [])
  const reachable = overflows ? ({ tabIndex: 0, role: 'group', 'aria-label': label } as const) : {}
  return (
    <div ref={box} {...reachable} className={className}>
      {children}
    </div>
  )
}
