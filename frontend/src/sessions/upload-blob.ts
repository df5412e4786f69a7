import type { BlobRef } from '@octo/protocol'
import { fromErrorBody, OctoError } from '@octo/protocol/client'
import { parseErrorBody, renewLogin } from '../mux/index.ts'

export interface UploadOptions {
  readonly signal: AbortSignal
  /** From 0 to 1. */
  readonly onProgress: (share: number) => void
}

/**
 * Stores a file as a blob. `fetch` cannot tell how far it is, so this is an older request.
 * @throws OctoError what the server answered; `runner_unavailable` if it cannot be reached; `cancelled` on abort
 */
export async function uploadBlob(file: File, options: UploadOptions): Promise<BlobRef> {
  const first = await post(file, options)
  if (first.status === 401 && (await renewLogin()) === 'renewed') return blobOf(await post(file, options))
  return blobOf(first)
}

function blobOf(request: XMLHttpRequest): BlobRef {
  if (request.status >= 200 && request.status < 300) return JSON.parse(request.responseText) as BlobRef
  const body = parseErrorBody(request.responseText)
  throw body === null ? new OctoError('internal', `The server answered ${request.status}.`) : fromErrorBody(body)
}

function post(file: File, { signal, onProgress }: UploadOptions): Promise<XMLHttpRequest> {
  return new Promise((resolve, reject) => {
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
    request.addEventListener('abort', () => reject(new OctoError('cancelled', 'The upload was cancelled.')))
    request.addEventListener('loadend', () => signal.removeEventListener('abort', abort))
    request.open('POST', '/api/blobs')
    request.setRequestHeader('content-type', file.type === '' ? 'application/octet-stream' : file.type)
    request.send(file)
  })
}
