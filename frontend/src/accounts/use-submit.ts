import type { SyntheticEvent } from 'react'
import { useState } from 'react'
import { toOctoError } from '../mux/index.ts'

interface Submit {
  readonly busy: boolean
  readonly error: string | null
  readonly onSubmit: (event: SyntheticEvent) => void
}

/** Runs a form's act once at a time, and holds what went wrong. */
export function useSubmit(act: () => Promise<void>): Submit {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const run = async (): Promise<void> => {
    setBusy(true)
    setError(null)
    try {
      await act()
    } catch (failure) {
      setError(toOctoError(failure).message)
    } finally {
      setBusy(false)
    }
  }
  return {
    busy,
    error,
    onSubmit: (event) => {
      event.preventDefault()
      if (!busy) void run()
    },
  }
}
