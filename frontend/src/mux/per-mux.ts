import type { Mux } from './mux.ts'

/**
 * Makes something once for each mux, such as the list of sessions: it lives as long as the connection it is fed by,
 * so that the next login begins with nothing of the last.
 */
export function perMux<T>(make: (mux: Mux) => T): (mux: Mux) => T {
  const made = new WeakMap<Mux, T>()
  return (mux) => {
    const known = made.get(mux)
    if (known !== undefined) return known
    const value = make(mux)
    made.set(mux, value)
    return value
  }
}
