import { request } from 'node:http'
import { RunnerHealth } from '@octo/protocol'

/** A runner that lives answers this at once; one that does not within this time is as good as gone. */
const HEALTH_TIMEOUT_MS = 2_000

/** Asks what answers at a socket how it is; `null` if nothing does, or it is no runner. */
export async function askHealth(socketPath: string): Promise<RunnerHealth | null> {
  const text = await new Promise<string | null>((resolve) => {
    const asked = request({ socketPath, path: '/api/health', timeout: HEALTH_TIMEOUT_MS }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (piece: string) => (body += piece))
      response.on('end', () => resolve(body))
      response.on('error', () => resolve(null))
    })
    asked.on('timeout', () => asked.destroy())
    asked.on('error', () => resolve(null))
    asked.end()
  })
  if (text === null) return null
  try {
    return RunnerHealth.parse(JSON.parse(text))
  } catch {
    // Something answers there, but no runner we understand; the launcher treats it as none.
    return null
  }
}
