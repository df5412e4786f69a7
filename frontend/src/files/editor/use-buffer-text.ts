import { useEffect, useState } from 'react'
import type { TextBuffer } from './buffer.ts'

/** The text of a buffer, followed with a delay: drawing a long text anew with each key would make typing slow. */
export function useBufferText(buffer: TextBuffer, delayMs: number): string {
  const [read, setRead] = useState(() => ({ buffer, text: buffer.read() }))
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null
    const stop = buffer.onChange(() => {
      timer ??= setTimeout(() => {
        timer = null
        setRead({ buffer, text: buffer.read() })
      }, delayMs)
    })
    return () => {
      stop()
      if (timer !== null) clearTimeout(timer)
    }
  }, [buffer, delayMs])
  // Another buffer is read at once.
  return read.buffer === buffer ? read.text : buffer.read()
}
