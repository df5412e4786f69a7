import { fromErrorBody, OctoError } from '@octo/protocol/client'
import { parseErrorBody } from './fetch-api.ts'
import { renewLogin } from './renew-login.ts'

export interface FileRequest {
  readonly method: 'POST' | 'PUT'
  readonly path: string
  readonly body: Blob
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  /** Called with how much has been sent, from 0 to 1. */
  readonly onProgress: (share: number) => void
}

/**
 * Sends a file to an HTTP route, telling how far it is, which `fetch` cannot. An expired login is renewed once.
 * @returns the answer as JSON
 * @throws OctoError what the server answered; `runner_unavailable` if it cannot be reached; `cancelled` on abort
 */
export async function sendFile<Answer>(request: FileRequest): Promise<Answer> {
  const first = await send(request)
  if (first.status === 401 && (await renewLogin()) === 'renewed') return answerOf(await send(request)) as Answer
  return answerOf(first) as Answer
}

function answerOf(request: XMLHttpRequest): unknown {
  if (request.status >= 200 && request.status < 300) return JSON.parse(request.responseText) as unknown
  const body = parseErrorBody(request.responseText)
  throw body === null ? new OctoError('internal', `The server answered ${request.status}.`) : fromErrorBody(body)
}

function send({ method, path, body, headers, signal, onProgress }: FileRequest): Promise<XMLHttpRequest> {
  return new Promise((resolve, reject) => {
    const cancelled = (): void => reject(new OctoError('cancelled', 'The upload was cancelled.'))
    if (signal.aborted) return cancelled()
    const request = new XMLHttpRequest()
    const abort = (): void => request.abort()
    signal.addEventListener('abort', abort)
    request.upload.addEventListener('progress', (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total)
    })
    request.addEventListener('load', () => resolve(request))
    request.addEventListener('error', () =>
      reject(new OctoError('runner_unavailable', 'The server cannot be reached. Try again when you are online.')),
    )
    request.addEventListener('abort', cancelled)
    request.addEventListener('loadend', () => signal.removeEventListener('abort', abort))
    request.open(method, path)
    request.setRequestHeader('content-type', body.type === '' ? 'application/octet-stream' : body.type)
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    request.send(body)
  })
}
