import { create } from 'zustand'

export interface ToastInput {
  readonly text: string
  readonly tone?: 'neutral' | 'ok' | 'failed'
  /** One thing to do about it, such as Undo. */
  readonly action?: { readonly label: string; readonly onAction: () => void }
  /** Null keeps it until it is dismissed. */
  readonly durationMs?: number | null
}

export interface ToastEntry extends ToastInput {
  readonly id: number
}

interface ToastState {
  readonly toasts: readonly ToastEntry[]
}

/** More than this covers what the user is working on; the oldest goes. */
const MAX_TOASTS = 3

export const useToasts = create<ToastState>(() => ({ toasts: [] }))

let lastId = 0

/**
 * Shows a short notice at the lower edge.
 * @returns a function that takes it away again
 */
export function toast(input: ToastInput): () => void {
  lastId += 1
  const id = lastId
  useToasts.setState(({ toasts }) => ({ toasts: [...toasts, { ...input, id }].slice(-MAX_TOASTS) }))
  return () => dismissToast(id)
}

/** Takes a notice away; unknown ids are fine, it may have gone by itself. */
export function dismissToast(id: number): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((entry) => entry.id !== id) }))
}
