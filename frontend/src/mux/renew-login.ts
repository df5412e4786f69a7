import type { Renewal } from './link.ts'

/** A server that does not answer by then counts as unreachable. */
const TIMEOUT_MS = 8_000

let running: Promise<Renewal> | null = null

/** Renews the short-lived cookie by the long-lived one. Callers at the same time share one request. */
export function renewLogin(): Promise<Renewal> {
  running ??= askForRenewal().finally(() => {
    running = null
  })
  return running
}

async function askForRenewal(): Promise<Renewal> {
  try {
    const answer = await fetch('/api/accounts/refresh', { method: 'POST', signal: AbortSignal.timeout(TIMEOUT_MS) })
    if (answer.ok) return 'renewed'
    // A gate that is overloaded or restarting says nothing about the login.
    return answer.status === 401 || answer.status === 403 ? 'refused' : 'unreachable'
  } catch (error) {
    if (error instanceof TypeError || error instanceof DOMException) return 'unreachable'
    throw error
  }
}
