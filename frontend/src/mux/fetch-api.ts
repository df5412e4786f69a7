import type { ErrorBody } from '@octo/protocol'
import { fromErrorBody, OctoError } from '@octo/protocol/client'
import { renewLogin } from './renew-login.ts'

/**
 * Asks an HTTP route of the server. An expired login is renewed once and the request repeated, so a body must be one
 * that can be sent twice (no stream).
 * @returns the answer, whose status is below 400
 * @throws OctoError what the server answered; `runner_unavailable` if it cannot be reached; `cancelled` on abort
 */
export async function fetchApi(path: string, init: RequestInit = {}): Promise<Response> {
  const first = await ask(path, init)
  if (first.status !== 401) return accepted(first)
  const refusal = await refusalOf(first)
  if (refusal.code !== 'unauthenticated' || (await renewLogin()) !== 'renewed') throw refusal
  return accepted(await ask(path, init))
}

async function ask(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init)
  } catch (error) {
    if (init.signal?.aborted === true) throw new OctoError('cancelled', 'This was given up.', { cause: error })
    throw new OctoError('runner_unavailable', 'The server cannot be reached. Try again when you are online.', {
      cause: error,
    })
  }
}

async function accepted(answer: Response): Promise<Response> {
  if (answer.status < 400) return answer
  throw await refusalOf(answer)
}

/** Reads the error of a refused answer; a proxy in between may answer in words of its own. */
export async function refusalOf(answer: Response): Promise<OctoError> {
  const text = await answer.text()
  const body = parseErrorBody(text)
  if (body !== null) return fromErrorBody(body)
  return new OctoError('internal', `The server answered ${answer.status} ${answer.statusText}.`.replace(' .', '.'))
}

/** Reads `{error: {code, message, data}}`; `null` if the text is something else. */
export function parseErrorBody(text: string): ErrorBody | null {
  try {
    const { error } = JSON.parse(text) as { error?: ErrorBody }
    return typeof error?.data?.code === 'string' ? error : null
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return null
    throw error
  }
}
