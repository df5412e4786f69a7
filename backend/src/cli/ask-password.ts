import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { OctoError } from '@octo/protocol'

/** Longer than any password that is taken. */
const MAX_CHARS = 4_096

/**
 * Reads a password: from the terminal, twice and without showing it, or else the first line of the standard input.
 * @throws OctoError `bad_request` if the two differ, `cancelled` if none came
 */
export async function askPassword(name: string): Promise<string> {
  if (!process.stdin.isTTY) return firstLine()
  const first = await askHidden(`Password for ${name}: `)
  const second = await askHidden('Once more: ')
  if (first !== second) throw new OctoError('bad_request', 'The two passwords differ: nothing was changed.')
  return first
}

async function firstLine(): Promise<string> {
  let text = ''
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += String(chunk)
    if (text.includes('\n') || text.length > MAX_CHARS) break
  }
  const [line = ''] = text.split(/\r?\n/u)
  return line
}

async function askHidden(question: string): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const input = createInterface({ input: process.stdin, output: nowhere, terminal: true })
  const cancelled = new AbortController()
  input.once('SIGINT', () => cancelled.abort())
  // The terminal echoes nothing from here on, so only now does anybody begin to type.
  process.stderr.write(question)
  try {
    return await input.question('', { signal: cancelled.signal })
  } catch (error) {
    throw new OctoError('cancelled', 'Cancelled: nothing was changed.', { cause: error })
  } finally {
    input.close()
    process.stderr.write('\n')
  }
}
