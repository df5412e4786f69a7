import { request } from 'node:http'
import { RunnerHealth } from '@octo/protocol'

/** A runner that works hard still answers within this. */
const TIMEOUT_MS = 5_000
/** Its answer has some 300 bytes. */
const MAX_BYTES = 65_536

/**
 * Asks a runner how it is.
 * @returns `null` if nobody answers on the socket, or not as a runner of ours would
 */
export function askHealth(socket: string): Promise<RunnerHealth | null> {
  return new Promise((resolve) => {
    const asked = request({ socketPath: socket, path: '/api/health', headers: { host: 'runner' }, timeout: TIMEOUT_MS })
    asked.on('timeout', () => asked.destroy())
    asked.on('error', () => resolve(null))
    asked.on('response', (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (part: string) => {
        text += part
        if (text.length > MAX_BYTES) answer.destroy()
      })
      answer.on('close', () => resolve(answer.complete ? parseHealth(text) : null))
    })
    asked.end()
  })
}

function parseHealth(text: string): RunnerHealth | null {
  try {
    return RunnerHealth.safeParse(JSON.parse(text)).data ?? null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
