import type { CommandName, Params, Result } from '@octo/protocol'
import { useState } from 'react'
import { toast } from '../ui/index.ts'
import { toOctoError } from './errors.ts'
import { useMux } from './react.tsx'

interface RunningCommand<Name extends CommandName> {
  readonly busy: boolean
  /** Runs it; a failure is shown as a toast. */
  readonly run: (params: Params<Name>, onDone?: (result: Result<Name>) => void) => void
}

/** A command behind a button: busy while it runs, its failure told. */
export function useCommand<Name extends CommandName>(name: Name): RunningCommand<Name> {
  const mux = useMux()
  const [busy, setBusy] = useState(false)
  const attempt = async (params: Params<Name>, onDone?: (result: Result<Name>) => void): Promise<void> => {
    setBusy(true)
    try {
      const result = await mux.command(name, params)
      onDone?.(result)
    } catch (error) {
      toast({ tone: 'failed', text: toOctoError(error).message })
    } finally {
      setBusy(false)
    }
  }
  return { busy, run: (params, onDone) => void attempt(params, onDone) }
}
